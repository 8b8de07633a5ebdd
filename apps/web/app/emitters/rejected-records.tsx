import { Anchor, Table } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { shortId } from '../runs/short-id.js';
import type { EmitterDetails } from './emitters.query.js';
import classes from './emitters.module.css';

interface RejectedRecordsProps {
  readonly records: EmitterDetails['rejected'];
  readonly total: number;
}

/** Records that could not be read, each with its place and the reason; the others went on. */
export function RejectedRecords({ records, total }: RejectedRecordsProps) {
  if (records.length === 0) return null;
  return (
    <section aria-label="Rejected records" className={classes.part}>
      <h3 className={classes.heading}>Rejected records{records.length < total ? ` (the latest ${records.length} of ${total})` : ''}</h3>
      <Table.ScrollContainer minWidth={520}>
        <Table fz="sm" verticalSpacing={5} horizontalSpacing="xs">
          <Table.Thead>
            <Table.Tr>
              <Table.Th w={70}>Line</Table.Th>
              <Table.Th w="40%">Reason</Table.Th>
              <Table.Th>Record</Table.Th>
              <Table.Th w={90}>Run</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {records.map(({ runId, position, reason, excerpt }, index) => (
              <Table.Tr key={index}>
                <Table.Td className="numbers">{position ?? '—'}</Table.Td>
                <Table.Td>{reason}</Table.Td>
                <Table.Td className={classes.excerpt}>{excerpt}</Table.Td>
                <Table.Td>
                  <Anchor size="sm" renderRoot={(props) => <Link to="/runs/$runId" params={{ runId }} {...props} />}>
                    <code>{shortId(runId)}</code>
                  </Anchor>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </section>
  );
}
