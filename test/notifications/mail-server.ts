/** A mail server on loopback, and the mail that it was given, read as a mail reader would. */
import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

export interface ReceivedMail {
  readonly to: readonly string[];
  /** By lower-case name, unfolded. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  readonly html: string;
}

export class MailServer {
  readonly mails: ReceivedMail[] = [];
  /** What it does with a mail that it has in full, before it says so: what it throws is told to the sender. */
  onMail: (mail: ReceivedMail) => Promise<void> | void = () => undefined;

  /** What it says to whoever connects: an error with its `responseCode`, or nothing. */
  onConnect: () => Error | undefined = () => undefined;

  /** What it says to a command of an envelope: an error with its `responseCode`, or nothing. */
  onEnvelope: (command: 'MAIL FROM' | 'RCPT TO') => Error | undefined = () => undefined;

  private readonly waiting = new Set<() => void>();

  private constructor(private readonly server: SMTPServer) {}

  static async start(): Promise<MailServer> {
    const smtp: SMTPServer = new SMTPServer({
      ...{ authOptional: true, disabledCommands: ['STARTTLS', 'AUTH'], logger: false },
      onConnect: (_session, done) => done(house.onConnect()),
      onMailFrom: (_address, _session, done) => done(house.onEnvelope('MAIL FROM')),
      onRcptTo: (_address, _session, done) => done(house.onEnvelope('RCPT TO')),
      onData: (stream, { envelope }, done) => {
        const pieces: Buffer[] = [];
        stream.on('data', (piece: Buffer) => pieces.push(piece));
        stream.on('end', () => {
          const mail = readMail(
            Buffer.concat(pieces).toString(),
            envelope.rcptTo.map(({ address }) => address),
          );
          house.mails.push(mail);
          for (const look of house.waiting) look();
          Promise.resolve(mail)
            .then(house.onMail)
            .then(
              () => done(),
              (error: Error) => done(error),
            );
        });
      },
    });
    const house = new MailServer(smtp);
    await new Promise<void>((resolve) => smtp.listen(0, '127.0.0.1', resolve));
    return house;
  }

  /** The first mail of which that is true, when it has come. */
  until(isIt: (mail: ReceivedMail) => boolean): Promise<ReceivedMail> {
    return new Promise((resolve) => {
      const look = (): void => {
        const found = this.mails.find(isIt);
        if (!found) return;
        this.waiting.delete(look);
        resolve(found);
      };
      this.waiting.add(look);
      look();
    });
  }

  get url(): string {
    return `smtp://127.0.0.1:${(this.server.server.address() as AddressInfo).port}`;
  }

  stop(): Promise<void> {
    return new Promise((resolve) => this.server.close(() => resolve()));
  }
}

function readMail(raw: string, to: readonly string[]): ReceivedMail {
  const { headers, body } = readPart(raw);
  const boundary = /boundary="([^"]+)"/.exec(headers['content-type'] ?? '')?.[1] ?? '';
  const parts = body.split(`--${boundary}`).map((part) => readPart(part.trimStart()));
  const of = (type: string): string =>
    parts
      .find((part) => part.headers['content-type']?.startsWith(type))
      ?.body.trimEnd()
      .replaceAll('\r\n', '\n') ?? '';
  return { to, headers, text: of('text/plain'), html: of('text/html') };
}

function readPart(raw: string): { headers: Record<string, string>; body: string } {
  const [head = '', ...rest] = raw.split('\r\n\r\n');
  const lines = head.replaceAll(/\r\n[ \t]+/g, ' ').split('\r\n');
  const headers = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), wordsOf(line.slice(line.indexOf(':') + 1).trim())]),
  );
  return { headers, body: decoded(rest.join('\r\n\r\n'), headers['content-transfer-encoding']) };
}

/** A header with other than ASCII letters comes as encoded words, the spaces between which count for nothing. */
function wordsOf(header: string): string {
  return header
    .replaceAll(/\?=\s+=\?/g, '?==?')
    .replaceAll(/=\?UTF-8\?([QB])\?([^?]*)\?=/g, (_, kind: string, word: string) =>
      kind === 'B' ? decoded(word, 'base64') : decoded(word.replaceAll('_', ' '), 'quoted-printable'),
    );
}

function decoded(body: string, encoding: string | undefined): string {
  if (encoding === 'base64') return Buffer.from(body, 'base64').toString();
  if (encoding !== 'quoted-printable') return body;
  const bytes = body
    .replaceAll('=\r\n', '')
    .replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString();
}
