import { ActionIcon, Menu } from '@mantine/core';
import { IconArrowLeft, IconDots, IconFlag3, IconHandStop, IconHistoryToggle } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useActions } from '../../actions/use-actions.js';
import { ColumnList } from '../../columns/column-list.js';
import { ConfirmDialog } from '../../feedback/confirm-dialog.js';
import { StatusBadge } from '../../status/status-badge.js';
import { useMay } from '../../session/session.js';
import { isDecidable } from '../../status/status-tone.js';
import { RelativeTime } from '../../time/relative-time.js';
import { DueTime } from '../due-time.js';
import { AssignmentNote } from './assignment/assignment-note.js';
import { ReassignButton } from './assignment/reassign-button.js';
import type { DeskState, TaskDesk } from './desk/task-desk.js';
import { HoldButtons } from './hold/hold-buttons.js';
import { TaskHolder } from './hold/task-holder.js';
import { settlerWords } from './reviews/review-words.js';
import type { TaskDetails } from './task.query.js';
import classes from './task.module.css';

interface TaskHeaderProps {
  readonly task: TaskDetails;
  readonly desk: TaskDesk;
  readonly state: DeskState;
  readonly mayDecide: boolean;
  readonly onBack: () => void;
  readonly onClaim: () => void;
  readonly onRelease: () => void;
  readonly onSkip: () => void;
  readonly onChanged: () => void;
}

export function TaskHeader({ task, desk, state, mayDecide, onBack, onClaim, onRelease, onSkip, onChanged }: TaskHeaderProps) {
  const [isCanceling, setCanceling] = useState(false);
  const isOpen = isDecidable(state.task.status);
  const { isMine, claimedBy, reviews } = state.task;
  // What is theirs, or what they could take, reviewers hand on; operators give away any.
  const mayReassign = useMay('operator') || isMine || (claimedBy === null && mayDecide);
  const isDisputed = isOpen && reviews?.isDisputed === true;
  // Behind all that ends nothing.
  useActions('page', 'More', [
    { id: 'task.cancel', name: 'Cancel the task and its run', isEnabled: () => isOpen && mayDecide, run: () => setCanceling(true) },
  ]);
  return (
    <header className={classes.header}>
      <div className={classes.headline}>
        <ActionIcon data-action="task.back" className={classes.back} aria-label="Back to the list" onClick={onBack}>
          <IconArrowLeft size={18} />
        </ActionIcon>
        <h1 className={classes.subject} tabIndex={-1}>
          {task.subject}
        </h1>
        {isOpen && mayDecide ? (
          <HoldButtons desk={desk} state={state} onClaim={onClaim} onRelease={onRelease} onSkip={onSkip} onChanged={onChanged} />
        ) : null}
        {isOpen && mayReassign ? <ReassignButton desk={desk} onChanged={onChanged} /> : null}
        <Menu position="bottom-end" width={220}>
          <Menu.Target>
            <ActionIcon aria-label="More" variant="default" size={30}>
              <IconDots size={16} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item
              leftSection={<IconHistoryToggle size={16} stroke={1.7} />}
              renderRoot={(props) => <Link to="/runs/$runId" params={{ runId: task.runId }} {...props} />}
            >
              Show its run
            </Menu.Item>
            {isOpen && mayDecide ? (
              <Menu.Item color="red" leftSection={<IconHandStop size={16} stroke={1.7} />} onClick={() => setCanceling(true)}>
                Cancel the task…
              </Menu.Item>
            ) : null}
          </Menu.Dropdown>
        </Menu>
      </div>
      <div className={classes.particulars}>
        <StatusBadge status={isDisputed ? 'disputed' : state.task.status} />
        {isDisputed && !task.isNobodyLeft ? <span>{settlerWords(reviews)}</span> : null}
        <span>{task.title}</span>
        <span>
          opened <RelativeTime at={task.openedAt} />
        </span>
        {isOpen && task.dueAt ? <DueTime at={task.dueAt} /> : null}
        {task.priority > 0 ? (
          <span className={classes.priority}>
            <IconFlag3 size={13} stroke={2} aria-hidden="true" /> Priority {task.priority}
          </span>
        ) : null}
        {isOpen ? <AssignmentNote task={task} /> : null}
        {isOpen ? <TaskHolder task={state.task} /> : null}
      </div>
      <ColumnList columns={task.columns} />
      <ConfirmDialog
        isOpen={isCanceling}
        title="Cancel this task?"
        about={task.id}
        action="Cancel task and run"
        onClose={() => setCanceling(false)}
        onConfirm={async (reason) => {
          const refused = await desk.cancel(reason);
          onChanged();
          return refused;
        }}
      >
        “{task.subject}” will not be decided, and its run stops here. This cannot be taken back.
      </ConfirmDialog>
    </header>
  );
}
