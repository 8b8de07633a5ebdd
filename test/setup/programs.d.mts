export interface TestProgram {
  /** Also the name of its Debian package. */
  readonly name: 'chromium' | 'redis-server' | 'pgbouncer';
  /** What is skipped without it. */
  readonly suite: string;
  /** The environment variable that names the program when it is not on the PATH. */
  readonly variable: string;
  readonly names: readonly string[];
}
export const testPrograms: readonly TestProgram[];
/** The program's path, or undefined when this machine has none. */
export function findTestProgram(name: TestProgram['name']): string | undefined;
