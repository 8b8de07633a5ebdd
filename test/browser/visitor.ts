/**
 * A person at a browser of their own: cookies, one page, and everything that the page complained about. What a test waits for is something
 * that a person could see; only what no page shows is asked by GraphQL, with the same cookie.
 */
import type { Role } from '@stepwell/contracts';
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';

/** For what the page itself does. The machine may be busy with other tests. */
const PATIENCE_MS = 90_000;

export interface VisitorOptions {
  readonly colorScheme?: 'light' | 'dark';
}

export class Visitor {
  /** Errors of the console, uncaught exceptions and refusals of the content security policy. */
  readonly complaints: string[] = [];
  /** What the server said over the socket: subscriptions, as they arrived. */
  readonly hints: string[] = [];

  private constructor(
    private readonly context: BrowserContext,
    readonly page: Page,
  ) {
    page.on('console', (message) => {
      if (message.type() === 'error') this.complaints.push(`${message.text()} (${message.location().url})`);
    });
    page.on('pageerror', (error) => this.complaints.push(error.stack ?? error.message));
    page.on('websocket', (socket) => socket.on('framereceived', ({ payload }) => this.hints.push(payload.toString())));
  }

  static async arrive(browser: Browser, url: string, { colorScheme = 'light' }: VisitorOptions = {}): Promise<Visitor> {
    const context = await browser.newContext({ baseURL: url, colorScheme, viewport: { width: 1400, height: 900 }, locale: 'en-GB' });
    context.setDefaultTimeout(PATIENCE_MS);
    await context.addInitScript(`addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
      console.error('The content security policy refused ' + blockedURI + ': ' + violatedDirective))`);
    return new Visitor(context, await context.newPage());
  }

  async signIn(name: string, password: string): Promise<void> {
    await this.page.goto('/');
    await this.page.getByLabel('User name').fill(name);
    await this.page.getByRole('textbox', { name: 'Password' }).fill(password);
    await this.page.getByRole('button', { name: 'Sign in' }).click();
    await this.page.waitForURL('**/inbox');
  }

  /** By one click, as the sign-in page offers it on a developer's own machine. */
  async signInAs(role: Role): Promise<void> {
    await this.page.goto('/');
    await this.page.getByRole('region', { name: 'Demo' }).getByRole('button', { name: role }).click();
    await this.page.waitForURL('**/inbox');
  }

  region(name: string): Locator {
    return this.page.getByRole('region', { name, exact: true });
  }

  async press(...keys: readonly string[]): Promise<void> {
    for (const key of keys) await this.page.keyboard.press(key);
  }

  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- each test knows what it asked for
  async ask(query: string, variables: object = {}): Promise<any> {
    const response = await this.context.request.post('/graphql', { data: { query, variables }, headers: { 'x-stepwell-csrf': '1' } });
    const { data, errors } = (await response.json()) as { data: unknown; errors?: unknown };
    if (errors) throw new Error(`GraphQL refused: ${JSON.stringify(errors)}`);
    return data;
  }

  async leave(): Promise<void> {
    await this.context.close();
  }
}
