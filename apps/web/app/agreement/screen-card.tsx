import { Button, Code, CopyButton, Table } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { percent } from '../form/states/state-words.js';
import { humaniseKey } from '../values/humanise-key.js';
import type { ScreenAgreement } from './agreement.query.js';
import { ShareBar } from './share-bar.js';
import classes from './agreement.module.css';

export function ScreenCard({ screen }: { readonly screen: ScreenAgreement }) {
  const { workflow, version, title, source, decisions, unchanged, low, high, fields, byConfidence, proposal } = screen;
  return (
    <section className={`panel ${classes.card}`} aria-label={`${title}, ${workflow}@${version}`}>
      <h2 className={classes.name}>
        {title}{' '}
        <Link to="/workflows/$name" params={{ name: workflow }} search={{ version }}>
          <code>
            {workflow}@{version}
          </code>
        </Link>
      </h2>
      <p className={classes.soft}>
        {`Of ${decisions} ${decisions === 1 ? 'decision' : 'decisions'}${source === null ? '' : ` on what ${source} suggests`}, ${unchanged} left everything as it was: ${percent(unchanged / decisions)}. The true share lies between ${percent(low)} and ${percent(high)} (95 % certain).`}
      </p>
      {proposal ? (
        <div className={classes.proposal} role="note">
          <p>{proposal.words}</p>
          <Code block tabIndex={0} aria-label="Code of the proposal">
            {proposal.code}
          </Code>
          <CopyButton value={proposal.code}>
            {({ copied, copy }) => (
              <Button size="compact-xs" variant="default" mt={8} onClick={copy}>
                {copied ? 'Copied' : 'Copy'}
              </Button>
            )}
          </CopyButton>
        </div>
      ) : null}
      <div className={classes.tables} role="group" aria-label="Shares" tabIndex={0}>
        <Table verticalSpacing={5} fz="sm" captionSide="top">
          <Table.Caption className={classes.caption}>By field</Table.Caption>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">Field</Table.Th>
              <Table.Th scope="col">Accepted</Table.Th>
              <Table.Th scope="col">Changed</Table.Th>
              <Table.Th scope="col">Cleared</Table.Th>
              <Table.Th scope="col">Added</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {fields.map(({ path, accepted, changed, cleared, added }) => (
              <Table.Tr key={path}>
                <Table.Th scope="row" fw={500}>
                  {wordsOf(path)}
                </Table.Th>
                <Table.Td>
                  <ShareBar part={accepted} whole={accepted + changed + cleared} />
                </Table.Td>
                <Table.Td className="numbers">{changed}</Table.Td>
                <Table.Td className="numbers">{cleared}</Table.Td>
                <Table.Td className="numbers">{added}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
        {byConfidence.length > 0 ? (
          <Table verticalSpacing={5} fz="sm" captionSide="top">
            <Table.Caption className={classes.caption}>By how sure the suggestion was</Table.Caption>
            <Table.Thead>
              <Table.Tr>
                <Table.Th scope="col">Confidence</Table.Th>
                <Table.Th scope="col">Accepted</Table.Th>
                <Table.Th scope="col">Values</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {byConfidence.map(({ from, to, values, accepted }) => (
                <Table.Tr key={from}>
                  <Table.Th scope="row" fw={500}>
                    {from === null || to === null ? 'Not said' : `${percent(from)} to ${percent(to)}`}
                  </Table.Th>
                  <Table.Td>
                    <ShareBar part={accepted} whole={values} />
                  </Table.Td>
                  <Table.Td className="numbers">{values}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        ) : null}
      </div>
    </section>
  );
}

/** `parts.*.cost` as `Parts › Cost`. */
function wordsOf(path: string): string {
  return path
    .split('.')
    .filter((key) => key !== '*')
    .map(humaniseKey)
    .join(' › ');
}
