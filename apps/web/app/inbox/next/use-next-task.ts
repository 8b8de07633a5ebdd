import { notifications } from '@mantine/notifications';
import { useCallback } from 'react';
import { useMutation } from 'urql';
import { describeFailure } from '../../connection/request-error.js';
import { announce } from '../../focus/announce.js';
import type { Inbox } from '../inbox-context.js';
import { type InboxFilter, showsWhereNextIs, toNextListing } from '../inbox-filter.js';
import { ClaimNextTask } from './next.mutation.js';
import { nothingFree } from './nothing-free.js';

interface NextTaskOptions extends Pick<Inbox, 'rows' | 'isWhole' | 'open' | 'refresh'> {
  readonly filter: InboxFilter;
  /** The one that is open. */
  readonly taskId: string | undefined;
}

/** Claims the next free task of what the list shows, in its order, and opens it to be answered. */
export function useNextTask({ filter, taskId, rows, isWhole, open, refresh }: NextTaskOptions) {
  const [{ fetching: isBusy }, claimNext] = useMutation(ClaimNextTask);
  const claim = useCallback(async () => {
    const { data, error } = await claimNext({ ...toNextListing(filter), after: taskId ?? null });
    const task = data?.claimNextTask.task;
    const refused = error ? describeFailure(error).message : data?.claimNextTask.errors[0]?.message;
    if (task) {
      announce(`Next task: ${task.subject}`);
      open(task.id, { isToAnswer: true });
    } else if (refused !== undefined) notifications.show({ color: 'red', message: refused });
    else notifications.show({ message: nothingFree(rows, taskId, isWhole && showsWhereNextIs(filter)) });
    refresh();
  }, [claimNext, filter, taskId, rows, isWhole, open, refresh]);
  return { claim: useCallback(() => void claim(), [claim]), isBusy };
}
