// The documents of a task, one of them shown. What goes wrong with one stays in its place.
import { ActionIcon, Tabs, Tooltip } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useState } from 'react';
import type { DocumentReference } from './document-reference.js';
import { DocumentView } from './document-view.js';
import { savedFrom } from './no-preview.js';
import type { KeptDocuments } from './use-document.js';
import classes from './documents.module.css';

interface DocumentPaneProps {
  /** At least one. */
  readonly documents: readonly DocumentReference[];
}

export function DocumentPane({ documents }: DocumentPaneProps) {
  const [chosen, setChosen] = useState<string | null>(null);
  const [kept] = useState<KeptDocuments>(() => new Map());
  const document = documents.find(({ id }) => id === chosen) ?? documents[0];
  if (!document) return null;
  return (
    <section className={`panel ${classes.pane}`} aria-label="Documents">
      <Tabs value={document.id} onChange={setChosen} keepMounted={false} className={classes.tabs}>
        <div className={classes.head}>
          <Tabs.List className={classes.list} aria-label="Documents">
            {documents.map(({ id, fileName }) => (
              <Tabs.Tab key={id} value={id} className={classes.tab} title={fileName}>
                {fileName}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          <Tooltip label="Download">
            <ActionIcon component="a" aria-label={`Download ${document.fileName}`} {...savedFrom(document)}>
              <IconDownload size={17} />
            </ActionIcon>
          </Tooltip>
        </div>
        {documents.map((one) => (
          <Tabs.Panel key={one.id} value={one.id} className={classes.panel}>
            <DocumentView document={one} kept={kept} />
          </Tabs.Panel>
        ))}
      </Tabs>
    </section>
  );
}
