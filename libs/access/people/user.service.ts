import { Injectable } from '@nestjs/common';
import { refusedField, Role } from '@stepwell/contracts';
import { UserEntity, uuidV7 } from '@stepwell/storage';
import { DataSource, type Repository } from 'typeorm';
import { requirePerson } from '../api-keys/api-key.service.js';
import { SessionService } from '../sessions/session.service.js';
import { SignInThrottle } from '../sign-in/sign-in-throttle.js';
import type { Viewer } from '../viewer.js';
import { oneTimePassword } from './one-time-password.js';
import { NO_PASSWORD, PasswordHasher } from './password-hasher.js';

/** Shorter ones are guessed; longer than this nobody types (and argon2 would have to read it). */
const MIN_PASSWORD = 10;
export const MAX_PASSWORD = 200;

/** The first person's name; the start prints it with the password. */
const FIRST_NAME = 'admin';

/** What the first person signs in with, once. */
export interface FirstAdmin {
  readonly name: string;
  readonly password: string;
}

/** Local accounts. */
@Injectable()
export class UserService {
  private readonly users: Repository<UserEntity>;

  constructor(
    source: DataSource,
    private readonly hasher: PasswordHasher,
    private readonly sessions: SessionService,
    private readonly throttle: SignInThrottle,
  ) {
    this.users = source.getRepository(UserEntity);
  }

  findByName(tenant: string, name: string): Promise<UserEntity | null> {
    return this.users.findOneBy({ tenant, name });
  }

  /**
   * Makes the first admin of a tenant that has no user yet. Of several processes that start at once one makes it.
   *
   * @param tell is told the one-time password before the account is committed: a process killed in between has told one that opens
   *   nothing, and the next start tells another; the other way round nobody could ever sign in
   * @returns what was told; `undefined` when there was somebody already
   */
  async makeFirstAdmin(tenant: string, tell: (first: FirstAdmin) => void = () => undefined): Promise<FirstAdmin | undefined> {
    if (await this.users.existsBy({ tenant })) return undefined;
    const password = oneTimePassword();
    const passwordHash = await this.hasher.hash(password);
    const user = { tenant, name: FIRST_NAME, displayName: 'Admin', role: Role.admin, passwordHash, passwordIsOneTime: true };
    return this.users.manager.transaction(async (manager) => {
      if (!(await this.insert(user, manager.getRepository(UserEntity)))) return undefined;
      const first = { name: FIRST_NAME, password };
      tell(first);
      return first;
    });
  }

  /** An account that has no password, made when it is first asked for. */
  async ensureWithoutPassword(account: Pick<UserEntity, 'tenant' | 'name' | 'displayName' | 'role'>): Promise<UserEntity> {
    await this.insert({ ...account, passwordHash: NO_PASSWORD, passwordIsOneTime: false });
    return this.users.findOneByOrFail({ tenant: account.tenant, name: account.name });
  }

  /**
   * Replaces the viewer's password and ends his sessions on other devices.
   *
   * @param ip where the request comes from: guesses of the present password are throttled as sign-ins are
   * @throws StepwellError FORBIDDEN for a machine, INPUT_INVALID with the field `current` or `next`, TOO_MANY_SIGN_INS
   */
  async changePassword(viewer: Viewer, ip: string, current: string, next: string): Promise<void> {
    requirePerson(viewer);
    const { tenant, id, name } = viewer;
    requireGoodPassword(current, next);
    const user = await this.users.findOneByOrFail({ tenant, id });
    this.throttle.begin(tenant, name, ip);
    if (!(await this.hasher.verify(user.passwordHash, current))) throw refusedField('current', 'This is not your present password.');
    this.throttle.succeeded(tenant, name, ip);
    await this.users.update({ tenant, id }, { passwordHash: await this.hasher.hash(next), passwordIsOneTime: false });
    await this.sessions.endOthers(viewer);
  }

  /** @returns false when the name was taken meanwhile */
  private async insert(user: Omit<UserEntity, 'id' | 'createdAt'>, users = this.users): Promise<boolean> {
    const inserted = await users
      .createQueryBuilder()
      .insert()
      .values({ ...user, id: uuidV7() })
      .orIgnore()
      .returning('id')
      .execute();
    return (inserted.raw as unknown[]).length > 0;
  }
}

function requireGoodPassword(current: string, next: string): void {
  if (next.length < MIN_PASSWORD) throw refusedField('next', `Use at least ${MIN_PASSWORD} characters.`);
  if (next.length > MAX_PASSWORD || current.length > MAX_PASSWORD) throw refusedField('next', `Use at most ${MAX_PASSWORD} characters.`);
  if (next === current) throw refusedField('next', 'This is your present password; choose another.');
}
