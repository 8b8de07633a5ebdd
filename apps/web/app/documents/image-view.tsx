import { Skeleton } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { DocumentReference } from './document-reference.js';
import { NoPreview } from './no-preview.js';
import { type Size, Sheets } from './sheets.js';
import classes from './documents.module.css';

interface ImageViewProps {
  readonly document: DocumentReference;
  readonly content: Blob;
}

/** A picture as one sheet. It stands in an <img>, where no script of it runs. */
export function ImageView({ document, content }: ImageViewProps) {
  const [picture, setPicture] = useState<{ readonly url: string; readonly sizes: readonly Size[] }>();
  const [isDamaged, setDamaged] = useState(false);
  useEffect(() => {
    const url = URL.createObjectURL(content);
    const image = new Image();
    image.onload = () => setPicture({ url, sizes: [sizeOf(image)] });
    image.onerror = () => setDamaged(true);
    image.src = url;
    return () => {
      image.onload = image.onerror = null;
      URL.revokeObjectURL(url);
      setPicture(undefined);
    };
  }, [content]);

  if (isDamaged) return <NoPreview document={document} reason="The picture is damaged." />;
  if (!picture) return <Skeleton className={classes.loading} role="status" aria-label={`Loading ${document.fileName}`} />;
  return (
    <Sheets
      document={document}
      sizes={picture.sizes}
      renderSheet={(_, width) => <img src={picture.url} alt={document.fileName} style={{ display: 'block', width }} draggable={false} />}
    />
  );
}

/** An SVG may have no size of its own. */
function sizeOf({ naturalWidth, naturalHeight }: HTMLImageElement): Size {
  return naturalWidth > 0 && naturalHeight > 0 ? { width: naturalWidth, height: naturalHeight } : { width: 800, height: 800 };
}
