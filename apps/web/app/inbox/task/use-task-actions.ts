import { useNavigate } from '@tanstack/react-router';
import { useActions } from '../../actions/use-actions.js';
import { isDecidable } from '../../status/status-tone.js';
import type { DeskState } from './desk/task-desk.js';

interface TaskParts {
  readonly runId: string;
  readonly state: DeskState;
  readonly mayDecide: boolean;
  readonly onClaim: () => void;
  readonly onRelease: () => void;
  readonly onSkip: () => void;
  readonly onComplete: (isNextWanted: boolean) => void;
  readonly onBack: () => void;
}

/** What can be done with the open task. */
export function useTaskActions({ runId, state: { task }, mayDecide, onClaim, onRelease, onSkip, onComplete, onBack }: TaskParts): void {
  const navigate = useNavigate();
  const isOpen = () => isDecidable(task.status) && mayDecide;
  const isFree = () => isOpen() && (task.isMine || task.claimedBy === null);
  useActions('item', 'Task', [
    {
      id: 'task.complete-next',
      name: 'Complete and go to the next task',
      keys: ['mod+Enter'],
      isEnabled: isOpen,
      run: () => onComplete(true),
    },
    { id: 'task.complete', name: 'Complete and stay', isEnabled: isFree, run: () => onComplete(false) },
    { id: 'task.claim', name: 'Claim the task', keys: ['c'], isEnabled: () => isOpen() && !task.isMine, run: onClaim },
    { id: 'task.release', name: 'Release the task', isEnabled: () => isOpen() && task.isMine, run: onRelease },
    { id: 'task.skip', name: 'Skip the task, with a reason', keys: ['s'], isEnabled: isFree, run: onSkip },
    { id: 'task.back', name: 'Back to the list', keys: ['Escape'], run: onBack },
    { id: 'task.run', name: 'Show the run of the task', run: () => void navigate({ to: '/runs/$runId', params: { runId } }) },
  ]);
}
