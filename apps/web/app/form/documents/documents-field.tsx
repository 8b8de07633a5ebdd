// A field that holds documents. Each file is sent as soon as it is chosen; the form's value holds references to those that have arrived,
// so nothing is sent twice when the start is refused.
import { Button, CloseButton, FileButton, Input, Progress } from '@mantine/core';
import { IconPaperclip } from '@tabler/icons-react';
import type { FieldProps } from '@rjsf/utils';
import { use, useEffect, useRef, useState } from 'react';
import type { Json } from '../../graphql.js';
import { documentLimits, problemOf } from './document-limits.js';
import { formatBytes } from './format-bytes.js';
import { upload, type DocumentReference, type Upload, type UploadFailure } from './upload.js';
import { UploadsContext } from './uploads-context.js';
import classes from './documents-field.module.css';

interface Underway {
  readonly key: number;
  readonly file: File;
  readonly share: number;
  readonly problem?: string;
  /** It did not arrive, through no fault of its own. */
  readonly mayBeSentAgain?: boolean;
}

export function DocumentsField({ schema, uiSchema, fieldPathId, formData, rawErrors, required, disabled, name, onChange }: FieldProps) {
  const limits = documentLimits(schema);
  const documents = referencesOf(formData as Json | undefined);
  const latest = useRef(documents);
  latest.current = documents;
  const [underway, setUnderway] = useState<readonly Underway[]>([]);
  const uploads = useRef(new Map<number, Upload>());
  const next = useRef(0);
  const { setBusy } = use(UploadsContext);
  const id = fieldPathId.$id;
  const isSending = underway.some(({ problem }) => problem === undefined);
  useEffect(() => {
    setBusy(id, isSending);
    return () => setBusy(id, false);
  }, [id, isSending, setBusy]);
  useEffect(() => {
    const all = uploads.current;
    return () => all.forEach(({ abort }) => abort());
  }, []);

  const keep = (references: readonly DocumentReference[]) => {
    latest.current = references;
    const value = limits?.isList ? [...references] : references.at(-1);
    onChange(references.length === 0 && required !== true ? undefined : value, fieldPathId.path);
  };
  const drop = (key: number) => {
    uploads.current.get(key)?.abort();
    uploads.current.delete(key);
    setUnderway((all) => all.filter((one) => one.key !== key));
  };
  const change = (key: number, what: Partial<Underway>) =>
    setUnderway((all) => all.map((one) => (one.key === key ? { ...one, ...what } : one)));
  const send = (file: File) => {
    const key = next.current++;
    const problem = limits && problemOf(file, limits);
    // Another choice takes the place of the one before, also while that is under way.
    if (!limits?.isList) uploads.current.forEach(({ abort }) => abort());
    setUnderway((all) => [...(limits?.isList ? all : []), { key, file, share: 0, ...(problem === undefined ? {} : { problem }) }]);
    if (problem === undefined) transmit(key, file);
  };
  const again = (key: number, file: File) => {
    setUnderway((all) => all.map((one) => (one.key === key ? { key, file, share: 0 } : one)));
    transmit(key, file);
  };
  const transmit = (key: number, file: File) => {
    const sent = upload(file, (share) => change(key, { share }));
    uploads.current.set(key, sent);
    sent.done.then(
      (reference) => {
        drop(key);
        keep(limits?.isList ? [...latest.current, reference] : [reference]);
      },
      ({ message, isFinal }: UploadFailure) => change(key, { problem: message, mayBeSentAgain: !isFinal }),
    );
  };
  const title = uiSchema?.['ui:title'] ?? schema.title ?? name;
  const isFull = limits?.maxCount !== undefined && limits.isList && documents.length + underway.length >= limits.maxCount;
  const accept = limits?.types?.join(',');
  return (
    <Input.Wrapper
      component="fieldset"
      className={classes.field}
      label={title}
      labelElement="div"
      required={required ?? false}
      description={uiSchema?.['ui:description']}
      error={rawErrors?.length ? rawErrors.join('\n') : undefined}
      aria-label={title}
      aria-invalid={rawErrors?.length ? true : undefined}
    >
      <ul className={classes.files}>
        {documents.map(({ id: documentId, fileName }) => (
          <li key={documentId} className={classes.file}>
            <IconPaperclip size={15} stroke={1.7} aria-hidden="true" />
            <span className="ellipsis">{fileName}</span>
            <CloseButton
              size="sm"
              aria-label={`Remove ${fileName}`}
              disabled={disabled ?? false}
              onClick={() => keep(latest.current.filter((one) => one.id !== documentId))}
            />
          </li>
        ))}
        {underway.map(({ key, file, share, problem, mayBeSentAgain }) => (
          <li key={key} className={classes.file} data-problem={problem !== undefined || undefined}>
            <IconPaperclip size={15} stroke={1.7} aria-hidden="true" />
            <span className={classes.words}>
              <span className="ellipsis">
                {file.name} <span className={classes.soft}>{formatBytes(file.size)}</span>
              </span>
              {problem === undefined ? (
                <Progress size="xs" value={share * 100} aria-label={`Sending ${file.name}`} />
              ) : (
                <span className={classes.problem} role="alert">
                  {problem}
                </span>
              )}
            </span>
            {mayBeSentAgain ? (
              <Button variant="subtle" size="compact-xs" onClick={() => again(key, file)}>
                Try again
              </Button>
            ) : null}
            <CloseButton size="sm" aria-label={`Remove ${file.name}`} onClick={() => drop(key)} />
          </li>
        ))}
      </ul>
      <FileButton
        multiple={limits?.isList ?? false}
        disabled={(disabled ?? false) || isFull}
        {...(accept === undefined ? {} : { accept })}
        onChange={(chosen) => (Array.isArray(chosen) ? chosen : chosen ? [chosen] : []).forEach(send)}
      >
        {(props) => (
          <Button {...props} variant="default" size="xs" disabled={(disabled ?? false) || isFull}>
            {limits?.isList ? 'Add files' : documents.length > 0 ? 'Choose another file' : 'Choose a file'}
          </Button>
        )}
      </FileButton>
    </Input.Wrapper>
  );
}

function referencesOf(value: Json | undefined): readonly DocumentReference[] {
  const found = Array.isArray(value) ? value : [value ?? null];
  return found.filter((one): one is DocumentReference => typeof one === 'object' && one !== null && 'id' in one && 'fileName' in one);
}
