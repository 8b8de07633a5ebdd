import { Button } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useState } from 'react';
import { useClient } from 'urql';
import { describeFailure } from '../connection/request-error.js';
import { JournalQuery } from './run.query.js';
import { saveFile } from './save-file.js';
import classes from './run-journal.module.css';

/** The most that the server gives at once. */
const PAGE = 100;

/** Every fact of the run as a file of JSON. */
export function JournalDownload({ runId }: { readonly runId: string }) {
  const client = useClient();
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string>();

  const download = async () => {
    setBusy(true);
    setFailure(undefined);
    const facts: unknown[] = [];
    for (let after: string | null | undefined = null; after !== undefined;) {
      const variables: { id: string; first: number; after: string | null } = { id: runId, first: PAGE, after };
      const { data, error } = await client.query(JournalQuery, variables, { requestPolicy: 'network-only' }).toPromise();
      if (error) setFailure(describeFailure(error).message);
      if (error || !data?.run) return setBusy(false);
      const { edges, pageInfo } = data.run.journal;
      facts.push(...edges.map(({ node }) => node));
      after = pageInfo.hasNextPage ? pageInfo.endCursor : undefined;
    }
    saveFile(`run-${runId}.json`, JSON.stringify({ runId, facts }, null, 2), 'application/json');
    setBusy(false);
  };
  return (
    <div className={classes.download}>
      <Button variant="subtle" size="compact-xs" leftSection={<IconDownload size={13} />} loading={isBusy} onClick={() => void download()}>
        Download as JSON
      </Button>
      {failure ? <span role="alert">{failure}</span> : null}
    </div>
  );
}
