// A table of texts. Loaded apart from the page: few documents are one.
import { Table, Text } from '@mantine/core';
import { parse } from 'csv-parse/browser/esm/sync';
import { useMemo } from 'react';
import type { DocumentReference } from './document-reference.js';
import { TextView, useText } from './text-view.js';
import classes from './documents.module.css';

/** More of them make the page slow; who needs all of them saves the file. */
const MOST_ROWS = 1_000;
const DELIMITERS = [',', ';', '\t'];

interface CsvViewProps {
  readonly document: DocumentReference;
  readonly content: Blob;
}

export default function CsvView({ document, content }: CsvViewProps) {
  const text = useText(content);
  const rows = useMemo(() => (text === undefined ? undefined : rowsOf(text)), [text]);
  if (text === undefined) return null;
  const [head, ...body] = rows ?? [];
  // What cannot be read as a table is still a text.
  if (!head) return <TextView document={document} content={content} />;
  return (
    <div className={classes.viewport} tabIndex={0} role="group" aria-label={`Content of ${document.fileName}`}>
      <Table fz="xs" stickyHeader className={classes.table} verticalSpacing={3}>
        <Table.Thead>
          <Table.Tr>
            {head.map((name, index) => (
              <Table.Th key={index}>{name}</Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {body.slice(0, MOST_ROWS).map((row, index) => (
            <Table.Tr key={index}>
              {row.map((cell, column) => (
                <Table.Td key={column}>{cell}</Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {body.length > MOST_ROWS ? (
        <Text size="xs" c="dimmed" p="xs">
          The first {MOST_ROWS} of more rows; the file has all of them.
        </Text>
      ) : null}
    </div>
  );
}

function rowsOf(text: string): string[][] | undefined {
  const [first = ''] = text.split('\n', 1);
  const [delimiter = ','] = [...DELIMITERS].sort((one, other) => first.split(other).length - first.split(one).length);
  try {
    return parse(text, { bom: true, delimiter, relaxColumnCount: true, relaxQuotes: true, skipEmptyLines: true, to: MOST_ROWS + 2 });
  } catch {
    return undefined;
  }
}
