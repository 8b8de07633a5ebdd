import { useEffect, useState } from 'react';
import type { Json } from '../graphql.js';
import { JsonTree } from '../values/json-tree.js';
import type { DocumentReference } from './document-reference.js';
import classes from './documents.module.css';

interface TextViewProps {
  readonly document: DocumentReference;
  readonly content: Blob;
  readonly isJson?: boolean;
}

/** A text as it is; JSON as a tree, where it is JSON. */
export function TextView({ document, content, isJson = false }: TextViewProps) {
  const text = useText(content);
  const value = isJson && text !== undefined ? parsed(text) : undefined;
  return (
    <div className={classes.viewport} tabIndex={0} role="group" aria-label={`Content of ${document.fileName}`}>
      {value === undefined ? (
        <pre className={classes.text}>{text}</pre>
      ) : (
        <div className={classes.text}>
          <JsonTree value={value} />
        </div>
      )}
    </div>
  );
}

/** As UTF-8. @returns undefined while it is read */
export function useText(content: Blob): string | undefined {
  const [text, setText] = useState<string>();
  useEffect(() => {
    let isGone = false;
    void content.text().then((read) => {
      if (!isGone) setText(read);
    });
    return () => {
      isGone = true;
    };
  }, [content]);
  return text;
}

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    // It says that it is JSON, and is not: then it is a text.
    return undefined;
  }
}
