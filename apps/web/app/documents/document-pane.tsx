// The documents of a task, one of them shown. What goes wrong with one stays in its place.
import { ActionIcon, Tabs, Tooltip } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useMemo, useRef, useState } from 'react';
import type { Json } from '../graphql.js';
import { fieldTitle, inFormOrder } from '../form/field-address.js';
import type { DocumentReference } from './document-reference.js';
import { DocumentView } from './document-view.js';
import type { Spot } from './evidence.js';
import { EvidenceBar } from './evidence-bar.js';
import { EvidenceContext, type Wanted } from './evidence-context.js';
import { savedFrom } from './no-preview.js';
import type { KeptDocuments } from './use-document.js';
import { useEvidence } from './use-evidence.js';
import classes from './documents.module.css';

interface DocumentPaneProps {
  /** At least one. */
  readonly documents: readonly DocumentReference[];
  readonly spots: readonly Spot[];
  /** The JSON Schema of the answer, for the names of its fields. */
  readonly form: Json;
}

export function DocumentPane({ documents, spots, form }: DocumentPaneProps) {
  const [chosen, setChosen] = useState<string | null>(null);
  const [kept] = useState<KeptDocuments>(() => new Map());
  const pane = useRef<HTMLElement>(null);
  const { lit, wanted, showNext, choose } = useEvidence(spots, pane);
  const [followed, setFollowed] = useState<Wanted>();
  if (wanted && wanted !== followed) {
    setFollowed(wanted);
    setChosen(wanted.spot.document.id);
  }
  const evidence = useMemo(
    () => ({
      ...{ spots, lit, wanted, onChoose: choose },
      paths: inFormOrder(form, [...new Set(spots.map(({ path }) => path))]),
      titleOf: (path: string) => fieldTitle(form, path),
    }),
    [spots, lit, wanted, form, choose],
  );
  const document = documents.find(({ id }) => id === chosen) ?? documents[0];
  if (!document) return null;
  return (
    <section ref={pane} className={`panel ${classes.pane}`} aria-label="Documents">
      <EvidenceContext value={evidence}>
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
              <ActionIcon aria-label={`Download ${document.fileName}`} renderRoot={(props) => <a {...props} {...savedFrom(document)} />}>
                <IconDownload size={17} />
              </ActionIcon>
            </Tooltip>
          </div>
          {spots.length > 0 ? <EvidenceBar onShow={showNext} /> : null}
          {documents.map((one) => (
            <Tabs.Panel key={one.id} value={one.id} className={classes.panel}>
              <DocumentView document={one} kept={kept} />
            </Tabs.Panel>
          ))}
        </Tabs>
      </EvidenceContext>
    </section>
  );
}
