// List and task side by side; on a narrow screen one at a time. The list belongs to this page, the task to the route below it.
import { getRouteApi, Outlet, useNavigate, useParams } from '@tanstack/react-router';
import { useCallback, useMemo, useRef, useState } from 'react';
import { useConnection } from '../connection/use-connection.js';
import { isDecidable } from '../status/status-tone.js';
import { useLiveRefresh } from '../connection/use-live-refresh.js';
import { useDocumentTitle } from '../shell/use-document-title.js';
import { InboxContext, type Inbox } from './inbox-context.js';
import { toListing } from './inbox-filter.js';
import { InboxToolbar } from './inbox-toolbar.js';
import { InboxChanged, InboxQuery, type TaskRow } from './inbox.query.js';
import { BulkBar } from './bulk/bulk-bar.js';
import { useSelection } from './bulk/use-selection.js';
import { TaskList } from './task-list.js';
import { UnknownFilter } from './filter/unknown-filter.js';
import { useDesks } from './task/desk/use-desks.js';
import { useNextTask } from './next/use-next-task.js';
import { useLapse } from './task/hold/use-lapse.js';
import { useSelectionActions } from './bulk/use-selection-actions.js';
import { useDecided } from './undo/use-decided.js';
import { useInboxActions } from './use-inbox-actions.js';
import { useViews } from './views/use-views.js';
import { ViewList } from './views/view-list.js';
import classes from './inbox.module.css';

const route = getRouteApi('/inbox');
const NOTHING = {};

export function InboxPage() {
  const filter = route.useSearch();
  const { taskId } = useParams({ strict: false });
  const navigate = useNavigate();
  const list = useConnection({ query: InboxQuery, variables: toListing(filter), select: (data) => data.inbox });
  useLiveRefresh(InboxChanged, NOTHING, list.refresh);
  // The open task names the page itself.
  useDocumentTitle(taskId ? undefined : 'Inbox');

  const listPane = useRef<HTMLElement>(null);
  const toAnswer = useRef<string>(undefined);
  const [answerRequests, setAnswerRequests] = useState(0);

  const open = useCallback<Inbox['open']>(
    (id, { isToAnswer = false, isReplacing = false } = {}) => {
      toAnswer.current = isToAnswer ? id : undefined;
      if (isToAnswer) setAnswerRequests((before) => before + 1);
      void navigate({ to: '/inbox/$taskId', params: { taskId: id }, search: true, replace: isReplacing });
    },
    [navigate],
  );
  const backToList = useCallback(
    (id: string) => {
      const focusRow = () => listPane.current?.querySelector<HTMLElement>(`[data-task="${CSS.escape(id)}"]`)?.focus();
      if (window.matchMedia('(min-width: 861px)').matches) return focusRow();
      void navigate({ to: '/inbox', search: true }).then(() => requestAnimationFrame(focusRow));
    },
    [navigate],
  );
  const takeFocus = useCallback((id: string) => {
    const isWanted = toAnswer.current === id;
    if (isWanted) toAnswer.current = undefined;
    return isWanted;
  }, []);

  const { deskFor, giveBackUnbegun, undo } = useDesks();

  const { nodes: rows, refresh } = list;
  const isWhole = !list.hasMore && !list.isLoading && !list.error;
  const decided = useDecided({ open, refresh, giveBackUnbegun, undo });
  const { tell: tellDecided, openClaimed, takeBack, seeDecided } = decided;
  const next = useNextTask({ filter, taskId, rows, isWhole, open, refresh });
  const { claim: claimNext } = next;
  const inbox = useMemo<Inbox>(
    () => ({
      ...{ rows, isWhole, filter, refresh, open, openClaimed, claimNext },
      ...{ tellDecided, takeBack, seeDecided, backToList, deskFor, answerRequests, takeFocus },
    }),
    [
      rows,
      isWhole,
      filter,
      refresh,
      open,
      openClaimed,
      claimNext,
      tellDecided,
      takeBack,
      seeDecided,
      backToList,
      deskFor,
      answerRequests,
      takeFocus,
    ],
  );
  // What has ended is changed by nobody, in whichever view it stands.
  const selectable = useMemo(() => rows.filter(({ status }) => isDecidable(status)), [rows]);
  const selecting = useSelection(selectable, isWhole, JSON.stringify(toListing(filter)));
  const views = useViews();
  useLapse(firstLapse(rows), refresh);
  useInboxActions({ rows, taskId, listPane, open, onNext: claimNext, canUndo: decided.canTakeLastBack, onUndo: decided.takeLastBack });
  useSelectionActions({ rows: selectable, taskId, selecting });

  return (
    <InboxContext value={inbox}>
      <div className={classes.page} data-chosen={taskId === undefined ? undefined : true}>
        <nav className={classes.views} aria-label="Views">
          <ViewList filter={filter} views={views} />
        </nav>
        <section className={classes.list} aria-label="Tasks" ref={listPane}>
          {taskId === undefined ? <h1 className="visually-hidden">Inbox</h1> : null}
          <InboxToolbar filter={filter} views={views} onNext={claimNext} isNextBusy={next.isBusy} />
          <BulkBar selecting={selecting} rows={selectable} hasMore={list.hasMore} filter={filter} onChanged={refresh} />
          {filter.problem === undefined ? (
            <TaskList list={list} taskId={taskId} filter={filter} selecting={selecting} />
          ) : (
            <UnknownFilter problem={filter.problem} />
          )}
        </section>
        <section className={classes.task} aria-label="Task">
          <Outlet />
        </section>
      </div>
    </InboxContext>
  );
}

/** When the first claim of another ends, unless it is extended: then that task is free. */
function firstLapse(rows: readonly TaskRow[]): string | null {
  const ends = rows.flatMap(({ isMine, claimedUntil }) => (claimedUntil && !isMine ? [claimedUntil] : []));
  return ends.reduce<string | null>((first, end) => (first === null || end < first ? end : first), null);
}
