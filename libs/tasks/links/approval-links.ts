/**
 * Tasks decided from a message, by a link for each answer that their screen offers (`links`). To look at a link changes nothing, however
 * often and by whatever program; it is used by a decision, which is made as on any other path, with the version of the task that was looked
 * at. It is for one person, and that person signs in, unless the installation lets the link alone be enough; it is used once, and ends
 * after three days.
 */
import { createHash, randomBytes } from 'node:crypto';
import { type Actor, type Json, StepwellError } from '@stepwell/contracts';
import type { Clock } from '@stepwell/engine';
import { expireLinks, insertLinks, type LinkRow, markLinkUsed, readLink, type Sql, type TaskRecord } from '@stepwell/storage';
import type { ScreenProvider } from '../screen-provider.port.js';
import type { TaskService } from '../task.service.js';
import type { TaskView } from '../task-view.js';
import { WhoMay } from '../transitions/who-may.js';
import { LinkThrottle } from './link-throttle.js';

const LIFE_MS = 3 * 86_400_000;
/** So long one that has ended says so, before it is one that nobody knows. */
const KEPT_MS = 30 * 86_400_000;

/** `signed-in`: whoever it is for signs in first. `open`: the link is enough. */
export type ApprovalLinkMode = 'signed-in' | 'open';

export interface MadeLink {
  readonly label: string;
  /** Goes into one message, and nowhere else. */
  readonly token: string;
}

/** Whoever asks: `undefined` when nobody is signed in. */
export interface LinkCaller {
  readonly viewer?: { readonly tenant: string; readonly id: string; readonly kind: 'user' | 'api-key' } | undefined;
  readonly ip: string;
}

export interface ApprovalLink {
  readonly label: string;
  /** What is answered by it. */
  readonly answer: Json;
  /** The name of whoever it is for. */
  readonly person: string;
  readonly expiresAt: Date;
  readonly task: TaskView;
}

export class ApprovalLinks {
  private readonly throttle = new LinkThrottle();
  private readonly whoMay: WhoMay;

  constructor(
    private readonly sql: Sql,
    private readonly tasks: TaskService,
    private readonly screens: ScreenProvider,
    private readonly clock: Clock,
    private readonly mode: ApprovalLinkMode,
  ) {
    this.whoMay = new WhoMay(sql, screens);
  }

  /** New ones, for each answer that the screen of a task offers to somebody who may decide it. */
  async make(tenant: string, userId: string, task: TaskRecord): Promise<readonly MadeLink[]> {
    const offered = this.screens.linksOf(task.workflow, task.path, task.screen);
    const actor: Actor = { id: userId, name: userId, kind: 'user' };
    if (offered.length === 0 || (await this.whoMay.byRows(tenant, task, actor)) || (await this.whoMay.byAuthor(tenant, task, actor)))
      return [];
    const expiresAt = new Date(this.clock.now() + LIFE_MS);
    const made = offered.map(({ label, answer }) => ({ label, answer, token: randomBytes(32).toString('base64url') }));
    await insertLinks(
      this.sql,
      made.map(({ label, answer, token }) => ({ tenant, tokenHash: hashOf(token), taskId: task.id, userId, label, answer, expiresAt })),
    );
    return made.map(({ label, token }) => ({ label, token }));
  }

  /** @throws StepwellError NOT_SIGNED_IN, LINK_INVALID, LINK_FOR_OTHERS, LINK_USED, LINK_EXPIRED, TOO_MANY_LINKS */
  async look(token: string, caller: LinkCaller): Promise<ApprovalLink> {
    const link = await this.find(token, caller);
    const task = await this.tasks.get(link.tenant, link.taskId);
    if (!task) throw new StepwellError('LINK_INVALID');
    const { label, answer, displayName, expiresAt } = link;
    return { label, answer, person: displayName, expiresAt, task };
  }

  /**
   * Decides, as whoever the link is for.
   * @param expectedVersion of the task as it was looked at
   * @throws TaskRefusal and StepwellError as `TaskService.complete` and `look`
   */
  async decide(token: string, expectedVersion: number, caller: LinkCaller): Promise<TaskView> {
    const { tenant, taskId, userId, displayName, answer, tokenHash } = await this.find(token, caller);
    const actor: Actor = { id: userId, name: displayName, kind: 'user' };
    // The key makes a repetition of this very request, whose answer was lost, the same decision.
    const { task } = await this.tasks.complete({ tenant, id: taskId, actor, expectedVersion, answer, idempotencyKey: `link:${tokenHash}` });
    await markLinkUsed(this.sql, tokenHash, this.now());
    return task;
  }

  async sweep(): Promise<void> {
    await expireLinks(this.sql, new Date(this.clock.now() - KEPT_MS));
  }

  private async find(token: string, { viewer, ip }: LinkCaller): Promise<LinkRow> {
    if (this.mode === 'signed-in' && !viewer) throw new StepwellError('NOT_SIGNED_IN');
    this.throttle.count(ip);
    const link = await readLink(this.sql, hashOf(token));
    if (!link) throw new StepwellError('LINK_INVALID');
    this.throttle.found(ip);
    const isTheirs = viewer?.kind === 'user' && viewer.tenant === link.tenant && viewer.id === link.userId;
    // Somebody else's browser is not theirs, whatever the link is worth alone.
    if (viewer && !isTheirs) throw new StepwellError('LINK_FOR_OTHERS');
    if (link.usedAt) throw new StepwellError('LINK_USED');
    if (link.expiresAt <= this.now()) throw new StepwellError('LINK_EXPIRED');
    return link;
  }

  private now(): Date {
    return new Date(this.clock.now());
  }
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}
