// One document, shown as what it is.
import { Skeleton } from '@mantine/core';
import { lazy, Suspense } from 'react';
import type { DocumentReference } from './document-reference.js';
import { ImageView } from './image-view.js';
import type { DocumentContent } from './load-document.js';
import { NoPreview } from './no-preview.js';
import { TextView } from './text-view.js';
import { type KeptDocuments, useDocument } from './use-document.js';
import { ViewerBoundary } from './viewer-boundary.js';
import classes from './documents.module.css';

const PdfView = lazy(() => import('./pdf-view.js'));
const CsvView = lazy(() => import('./csv-view.js'));

interface DocumentViewProps {
  readonly document: DocumentReference;
  readonly kept: KeptDocuments;
}

export function DocumentView({ document, kept }: DocumentViewProps) {
  const { document: loaded, retry } = useDocument(document.id, kept);
  return (
    <ViewerBoundary fallback={(error) => <NoPreview document={document} reason={error.message} />}>
      <Suspense fallback={<Loading name={document.fileName} />}>
        {loaded ? <Shown document={document} loaded={loaded} onRetry={retry} /> : <Loading name={document.fileName} />}
      </Suspense>
    </ViewerBoundary>
  );
}

interface ShownProps {
  readonly document: DocumentReference;
  readonly loaded: DocumentContent;
  readonly onRetry: () => void;
}

function Shown({ document, loaded, onRetry }: ShownProps) {
  switch (loaded.kind) {
    case 'none':
      return (
        <NoPreview
          document={document}
          reason={loaded.reason}
          mayBeSaved={loaded.remedy !== undefined}
          onRetry={loaded.remedy === 'retry' ? onRetry : undefined}
        />
      );
    case 'pdf':
      return <PdfView document={document} content={loaded.content} />;
    case 'image':
      return <ImageView document={document} content={loaded.content} />;
    case 'csv':
      return <CsvView document={document} content={loaded.content} />;
    case 'json':
    case 'text':
      return <TextView document={document} content={loaded.content} isJson={loaded.kind === 'json'} />;
  }
}

function Loading({ name }: { readonly name: string }) {
  return <Skeleton className={classes.loading} role="status" aria-label={`Loading ${name}`} />;
}
