import { Table } from '@mantine/core';
import type { Json } from '../graphql.js';
import { humaniseKey } from './humanise-key.js';
import { ScalarView } from './scalar-view.js';
import type { Scalar } from './shape.js';

interface RecordsTableProps {
  readonly rows: readonly { readonly [key: string]: Json }[];
  readonly columns: readonly string[];
}

export function RecordsTable({ rows, columns }: RecordsTableProps) {
  return (
    <Table.ScrollContainer minWidth={columns.length * 90}>
      <Table fz="sm" verticalSpacing={4} horizontalSpacing="xs">
        <Table.Thead>
          <Table.Tr>
            {columns.map((column) => (
              <Table.Th key={column}>{humaniseKey(column)}</Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row, index) => (
            <Table.Tr key={index}>
              {columns.map((column) => (
                <Table.Td key={column}>
                  <ScalarView value={(row[column] ?? null) as Scalar} name={column} />
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
