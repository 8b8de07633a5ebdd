// A PDF, drawn by pdf.js page by page. Loaded apart from the page. pdf.js runs in a worker of our own server, compiles no code (what it has
// in WebAssembly is used as the scripts beside it), runs no script of the document, and makes none of its links.
import { Button, Group, PasswordInput, Skeleton, Stack } from '@mantine/core';
import worker from 'pdfjs-dist/build/pdf.worker.min.mjs?url';
import { useRef, useState, type FormEvent } from 'react';
import { Document, Page, PasswordResponses, pdfjs } from 'react-pdf';
import 'react-pdf/dist/Page/TextLayer.css';
import type { DocumentReference } from './document-reference.js';
import { NoPreview } from './no-preview.js';
import { type Size, Sheets } from './sheets.js';
import classes from './documents.module.css';

pdfjs.GlobalWorkerOptions.workerSrc = worker;

/** What pdf.js fetches when a document needs it: character maps, fonts that it does not bring along, decoders of scans (see pdf-assets.ts). */
const ASSETS = `${location.origin}/pdfjs`;
const OPTIONS = {
  ...{ cMapUrl: `${ASSETS}/cmaps/`, standardFontDataUrl: `${ASSETS}/standard_fonts/`, wasmUrl: `${ASSETS}/wasm/` },
  ...{ useWasm: false, enableXfa: false },
};
/** A point is 1/72 inch, a CSS pixel 1/96. */
const PIXELS_PER_POINT = 96 / 72;
/** A canvas has four bytes a pixel, and several are drawn. */
const MOST_PIXELS = 16_000_000;

interface PdfViewProps {
  readonly document: DocumentReference;
  readonly content: Blob;
}

type Pdf = Parameters<NonNullable<Parameters<typeof Document>[0]['onLoadSuccess']>>[0];
interface Question {
  readonly answer: (password: string) => void;
  readonly wasWrong: boolean;
}

export default function PdfView({ document, content }: PdfViewProps) {
  const [sizes, setSizes] = useState<readonly Size[]>();
  const [problem, setProblem] = useState<string>();
  const [question, setQuestion] = useState<Question>();
  const [isLeftLocked, setLeftLocked] = useState(false);

  const askAgain = () => {
    setQuestion(undefined);
    setLeftLocked(false);
  };
  if (isLeftLocked) return <NoPreview document={document} reason="It is locked by a password." onRetry={askAgain} />;
  if (problem !== undefined) return <NoPreview document={document} reason={problem} />;
  const loading = <Skeleton className={classes.loading} role="status" aria-label={`Loading ${document.fileName}`} />;
  return (
    <>
      {question && !sizes ? <PasswordForm name={document.fileName} question={question} onCancel={() => setLeftLocked(true)} /> : null}
      <Document
        className={classes.pdf}
        file={content}
        options={OPTIONS}
        suspense={false}
        loading={question ? '' : loading}
        error=""
        onLoadSuccess={(pdf) => void sizesOf(pdf).then(setSizes, (error: Error) => setProblem(reasonOf(error)))}
        onLoadError={(error) => setProblem(reasonOf(error))}
        onSourceError={(error) => setProblem(reasonOf(error))}
        onPassword={(answer, reason) => setQuestion({ answer, wasWrong: reason === PasswordResponses.INCORRECT_PASSWORD })}
      >
        {sizes ? (
          <Sheets
            document={document}
            sizes={sizes}
            renderSheet={(index, width) => (
              <Page
                pageNumber={index + 1}
                width={width}
                devicePixelRatio={density(sizes[index], width)}
                renderAnnotationLayer={false}
                loading=""
                error={`Page ${index + 1} is damaged.`}
              />
            )}
          />
        ) : (
          loading
        )}
      </Document>
    </>
  );
}

async function sizesOf(pdf: Pdf): Promise<readonly Size[]> {
  const numbers = Array.from({ length: pdf.numPages }, (_, index) => index + 1);
  const pages = await Promise.all(numbers.map((number) => pdf.getPage(number)));
  return pages.map((page) => {
    const { width, height } = page.getViewport({ scale: PIXELS_PER_POINT });
    return { width, height };
  });
}

/** Sharp on a dense screen, but not beyond what a canvas may have. */
function density(size: Size | undefined, width: number): number {
  const height = size ? (width * size.height) / size.width : width;
  return Math.min(window.devicePixelRatio, 2, Math.sqrt(MOST_PIXELS / (width * height)));
}

function reasonOf({ name, message }: Error): string {
  return name === 'InvalidPDFException' ? 'The PDF is damaged.' : `The PDF cannot be shown: ${message}`;
}

interface PasswordFormProps {
  readonly name: string;
  readonly question: Question;
  readonly onCancel: () => void;
}

/** The password goes to nobody but pdf.js in this page. */
function PasswordForm({ name, question, onCancel }: PasswordFormProps) {
  const input = useRef<HTMLInputElement>(null);
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    question.answer(input.current?.value ?? '');
  };
  return (
    <form onSubmit={onSubmit} className={classes.password} aria-label={`Password of ${name}`}>
      <Stack gap="xs" maw={320}>
        <PasswordInput
          ref={input}
          label="This PDF is locked by a password"
          description="It opens the file here, and is sent nowhere."
          error={question.wasWrong ? 'That is not its password.' : undefined}
          autoComplete="off"
        />
        <Group gap="xs">
          <Button type="submit" size="xs" variant="default">
            Open
          </Button>
          <Button type="button" size="xs" variant="subtle" onClick={onCancel}>
            Cancel
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
