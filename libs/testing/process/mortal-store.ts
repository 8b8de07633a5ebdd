/**
 * What a process that may die sees of the store: the store itself, until its death. Then nothing that it asks for is done any more, and no
 * answer reaches it. A transaction that was open is rolled back, as the database does with those of a lost connection.
 */
import { type EventStore, type OwnTransaction, type RunCommit, UnknownOutcomeError, type WorkerStore } from '@stepwell/engine';
import type { Activity } from './activity.js';

/** Where a process dies: before or after the so-manieth thing that it writes. */
export interface Death {
  readonly write: number;
  readonly moment: 'before' | 'after';
}

/** Something that a process wrote. */
export interface Write {
  /** Counts from 1, over all that the processes of one test write. */
  readonly number: number;
  readonly what: string;
}

/** What the processes of one test write, one after the other. */
export class Writes {
  readonly done: Write[] = [];
  private count = 0;

  constructor(readonly death?: Death) {}

  next(): number {
    return ++this.count;
  }

  isFatal(number: number, moment: Death['moment']): boolean {
    return this.death?.write === number && this.death.moment === moment;
  }
}

/** Of what is written: how it is told, and whether it changed anything. */
interface About<T> {
  readonly what: string;
  readonly hasChanged: (result: T) => boolean;
}

/** Of a commit: that it does not come to pass, or that it does, and nobody hears of it. In both cases its outcome is not known to whoever asked. */
export type Loss = 'question' | 'answer';

/** Holds whatever a process asks of the store until its turn has come. @returns what is lost of it, which only a commit bears */
export type Gate = (name: string) => Promise<Loss | undefined>;
/** The name of what the committer is asked. */
export const FLUSH = 'flush';

/** One for each question: a common one would keep alive whatever had ever waited for it. */
const never = (): Promise<never> => new Promise(() => undefined);

export class Mortal {
  isDead = false;
  /** Resolves with its death. */
  readonly died: Promise<undefined>;
  private readonly death: Promise<never>;
  private fail!: (error: ProcessDied) => void;

  /** @param onDeath called at once */
  constructor(
    private readonly activity: Activity,
    private readonly writes: Writes,
    private readonly onDeath: () => void,
    private readonly gate?: Gate,
  ) {
    this.death = new Promise((_, reject) => (this.fail = reject));
    this.died = this.death.catch(() => undefined);
  }

  die(): void {
    if (this.isDead) return;
    this.isDead = true;
    this.onDeath();
    this.fail(new ProcessDied('The process has died.'));
  }

  private async ask<T>(name: string, perform: () => Promise<T>, about?: About<T>): Promise<T> {
    if (this.isDead) return never();
    const number = about ? this.writes.next() : 0;
    if (about && this.writes.isFatal(number, 'before')) {
      this.die();
      return never();
    }
    const loss = await this.gate?.(name);
    if (this.isDead) return never();
    if (loss === 'question') throw new UnknownOutcomeError('It did not come to pass.');
    const end = this.activity.begin(name);
    const outcome = await settled(perform());
    if (about && outcome.ok && about.hasChanged(outcome.value)) this.writes.done.push({ number, what: about.what });
    if (about && this.writes.isFatal(number, 'after')) this.die();
    end();
    if (this.isDead) return never();
    if (loss === 'answer' && outcome.ok) throw new UnknownOutcomeError('It came to pass.');
    if (outcome.ok) return outcome.value;
    throw outcome.error;
  }

  store(store: WorkerStore): WorkerStore {
    const { workers, runs, journals, dispatches, committer, transactions, keys, sessions } = store;
    const read = <T>(name: string, perform: () => Promise<T>) => this.ask(name, perform);
    return {
      workers: {
        register: (worker, leaseMs) => read('register', () => workers.register(worker, leaseMs)),
        beat: (worker, leaseMs) => read('beat', () => workers.beat(worker, leaseMs)),
        end: (worker) => read('end', () => workers.end(worker)),
        forgive: (worker) => read('forgive', () => workers.forgive(worker)),
        takeOver: (limit, judge) => this.ask('take-over', () => workers.takeOver(limit, judge), did('a take-over', ({ queues }) => queues.size > 0)), // prettier-ignore
      },
      runs: {
        claim: (request) =>
          this.ask(
            'claim',
            () => runs.claim(request),
            did('a claim', (claim) => claim.runs.length > 0),
          ),
        giveBack: (lease) => this.ask('give-back', () => runs.giveBack(lease), did('a run given back', always)),
        leasedTo: (worker) => read('leased-to', () => runs.leasedTo(worker)),
        nextDue: (queues, needs) => read('next-due', () => runs.nextDue(queues, needs)),
        watch: (wanted) => read('watch', () => runs.watch(wanted)),
        registerCaps: (hosted) => read('register-caps', () => runs.registerCaps(hosted)),
        sweepPermits: () => read('sweep-permits', () => runs.sweepPermits()),
      },
      journals: {
        read: (wanted) => read('read', () => journals.read(wanted)),
        readThatFit: (wanted) => read('read', () => journals.readThatFit(wanted)),
        readNode: (run, path, iterations) => read('read', () => journals.readNode(run, path, iterations)),
        outputs: (tenant, wanted) => read('read', () => journals.outputs(tenant, wanted)),
        inboxes: (wanted) => read('inboxes', () => journals.inboxes(wanted)),
        append: (message) => this.ask('append', () => journals.append(message), did(`the message "${message.kind}"`, always)),
        pause: (message) => this.ask('append', () => journals.pause(message), did('a pause', always)),
        resume: (message) => this.ask('append', () => journals.resume(message), did('a resume', always)),
        recordLateResult: (late) => this.ask('late', () => journals.recordLateResult(late), did('a late result', always)),
        probe: (json, texts) => read('probe', () => journals.probe(json, texts)),
      },
      keys: {
        take: (key, leaseMs) =>
          this.ask(
            'take-key',
            () => keys.take(key, leaseMs),
            did('a key taken', ({ state }) => state === 'mine'),
          ),
        finish: (key, output, ttlMs) => this.ask('finish-key', () => keys.finish(key, output, ttlMs), did('the output of a key', always)),
        drop: (key) => this.ask('drop-key', () => keys.drop(key), did('a key given back', always)),
        cached: (key) => read('cached', () => keys.cached(key)),
        cache: (key, output, ttlMs) => this.ask('cache', () => keys.cache(key, output, ttlMs), did('a cached output', always)),
      },
      sessions: {
        open: (session, data) => this.ask('open-session', () => sessions.open(session, data), did('a session', isTrue)),
        read: (session, key) => read('read-session', () => sessions.read(session, key)),
        change: (session, key, version, data) =>
          this.ask(
            'change-session',
            () => sessions.change(session, key, version, data),
            did('a change of a session', (made) => made !== undefined),
          ),
      },
      dispatches: {
        claim: (worker, queues, needs, limit) => this.ask('claim', () => dispatches.claim(worker, queues, needs, limit), did('a claim of dispatched steps', (claimed) => claimed.length > 0)), // prettier-ignore
        end: (dispatch, facts) => this.ask('end-dispatch', () => dispatches.end(dispatch, facts), did('the end of a dispatched step', isTrue)), // prettier-ignore
        giveBack: (dispatch) => this.ask('give-back', () => dispatches.giveBack(dispatch), did('a dispatch given back', always)),
        leasedTo: (worker) => read('leased-to', () => dispatches.leasedTo(worker)),
        watch: (wanted) => read('watch', () => dispatches.watch(wanted)),
      },
      committer: {
        commit: (commit) =>
          this.ask(
            FLUSH,
            () => committer.commit(commit),
            did(told(commit), (outcome) => outcome !== undefined),
          ),
      },
      transactions: {
        run: (idleMs, work) =>
          this.ask('transaction', () => transactions.run(idleMs, (one) => Promise.race([work(this.transaction(one)), this.death]))),
        readCursor: (tenant, emitter) => read('read-cursor', () => transactions.readCursor(tenant, emitter)),
      },
    };
  }

  events(events: EventStore): EventStore {
    return {
      route: () =>
        this.ask(
          'route',
          () => events.route(),
          did('the routing of events', ({ events: count }) => count > 0),
        ),
      work: (workflows) => this.ask('event-work', () => events.work(workflows)),
      lookUpWaits: () =>
        this.ask(
          'look-up',
          () => events.lookUpWaits(),
          did('the look-up of waits', ({ waits }) => waits > 0),
        ),
      deliverToWaits: () => this.ask('deliver', () => events.deliverToWaits(), did('the delivery of events', ({ delivered }) => delivered > 0)), // prettier-ignore
      deliverOutbox: () => this.ask('outbox', () => events.deliverOutbox(), did('messages between runs', ({ delivered }) => delivered > 0)), // prettier-ignore
      claimDeliveries: (listening, leaseMs) => this.ask('claim-deliveries', () => events.claimDeliveries(listening, leaseMs), did('a claim of deliveries', (claimed) => claimed.length > 0)), // prettier-ignore
      commitVerdicts: (decided) => this.ask('verdicts', () => events.commitVerdicts(decided), did('runs that events start', ({ settled }) => settled.length > 0)), // prettier-ignore
    };
  }

  /** The dead send nothing more: their transaction is rolled back by then, and a statement behind that would stand by itself. */
  private async whileAlive<T>(perform: () => Promise<T>): Promise<T> {
    if (this.isDead) return never();
    const result = await perform();
    return this.isDead ? never() : result;
  }

  private transaction(transaction: OwnTransaction): OwnTransaction {
    let what = 'a transaction';
    const { batch } = transaction;
    return {
      manager: transaction.manager,
      batch: {
        lockRun: (...run) => this.whileAlive(() => batch.lockRun(...run)),
        moveCursor: (...move) => this.whileAlive(() => batch.moveCursor(...move)),
        claimRecordKeys: (...keys) => this.whileAlive(() => batch.claimRecordKeys(...keys)),
        insertRuns: (...runs) => this.whileAlive(() => batch.insertRuns(...runs)),
        insertReads: (...reads) => this.whileAlive(() => batch.insertReads(...reads)),
      },
      get isActive() {
        return transaction.isActive;
      },
      authorIsDone: (author) => this.ask('transaction', () => transaction.authorIsDone(author)),
      commitRun: (commit) => {
        what = `${told(commit)}, in a transaction`;
        return this.ask('transaction', () => transaction.commitRun(commit));
      },
      endDispatch: (dispatch, facts) => this.ask('transaction', () => transaction.endDispatch(dispatch, facts)),
      commit: () => this.ask('commit', () => transaction.commit(), did(what, always)),
      rollback: () => this.ask('rollback', () => transaction.rollback()),
    };
  }
}

type Outcome<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: unknown };

function settled<T>(work: Promise<T>): Promise<Outcome<T>> {
  return work.then(
    (value) => ({ ok: true, value }),
    (error: unknown) => ({ ok: false, error }),
  );
}

class ProcessDied extends Error {
  override readonly name = 'ProcessDied';
}

function did<T>(what: string, hasChanged: (result: T) => boolean): About<T> {
  return { what, hasChanged };
}

function always(): boolean {
  return true;
}

function isTrue(result: boolean): boolean {
  return result;
}

function told({ workflow, facts, intent }: RunCommit): string {
  const words = facts.map(({ type, path, iteration }) => [type, path, iteration].filter((word) => word !== '').join(' '));
  const then = intent.kind === 'release' ? [`wait for ${intent.reasons.join(', ')}`] : [];
  return `the commit of "${workflow}" (${[...words, ...then].join('; ') || 'messages read'})`;
}
