import { Alert } from '@mantine/core';
import { IconParking } from '@tabler/icons-react';
import type { WorkflowsParked } from './workflows.query.js';

interface ParkedNotesProps {
  readonly parked: readonly WorkflowsParked[];
}

/** Versions whose runs nobody takes, and what to do about each. */
export function ParkedNotes({ parked }: ParkedNotesProps) {
  return parked.map(({ workflow, version, reason, runs }) => (
    <Alert
      key={`${workflow}@${version}`}
      color="yellow"
      icon={<IconParking size={18} stroke={1.6} />}
      title={`${workflow}@${version} is parked: ${runs === 1 ? '1 run waits' : `${runs} runs wait`}`}
      mb="sm"
    >
      {reason}
    </Alert>
  ));
}
