/** Secrets from the environment (`STEPWELL_SECRET_<NAME>`) and from a JSON file, which may change while the server runs. */
import type { Secrets } from '@stepwell/engine';
import { readFile, stat } from 'node:fs/promises';

const PREFIX = 'STEPWELL_SECRET_';

export class EnvironmentSecrets implements Secrets {
  private fromFile: Readonly<Record<string, unknown>> = {};
  private readAt: number | undefined;

  /** @param file `{ "NAME": "value" }`; a variable of the environment goes before a field of it */
  constructor(
    private readonly environment: Readonly<Record<string, string | undefined>>,
    private readonly file: string | undefined,
  ) {}

  async get(name: string): Promise<string | undefined> {
    const value: unknown = this.environment[PREFIX + name] ?? (await this.fields())[name];
    return typeof value === 'string' && value !== '' ? value : undefined;
  }

  /** Nothing of a file that cannot be read goes into its error: not even a piece of it. */
  private async fields(): Promise<Readonly<Record<string, unknown>>> {
    if (this.file === undefined) return {};
    try {
      const { mtimeMs } = await stat(this.file);
      if (mtimeMs === this.readAt) return this.fromFile;
      this.fromFile = JSON.parse(await readFile(this.file, 'utf8')) as Record<string, unknown>;
      this.readAt = mtimeMs;
    } catch (error) {
      const code = (error as { code?: string }).code ?? 'it is not JSON';
      throw new Error(`The file of STEPWELL_SECRETS_FILE cannot be read (${code}).`);
    }
    return this.fromFile;
  }
}
