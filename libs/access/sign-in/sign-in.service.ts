import { Injectable } from '@nestjs/common';
import { StepwellError } from '@stepwell/contracts';
import { PasswordHasher } from '../people/password-hasher.js';
import { UserService } from '../people/user.service.js';
import { type NewSession, SessionService } from '../sessions/session.service.js';
import { SignInThrottle } from './sign-in-throttle.js';

export interface Credentials {
  readonly tenant: string;
  readonly name: string;
  readonly password: string;
}

@Injectable()
export class SignInService {
  constructor(
    private readonly users: UserService,
    private readonly hasher: PasswordHasher,
    private readonly sessions: SessionService,
    private readonly throttle: SignInThrottle,
  ) {}

  /**
   * @param ip the address the request came from
   * @throws StepwellError SIGN_IN_FAILED (without saying whether name or password was wrong), TOO_MANY_SIGN_INS
   */
  async signIn({ tenant, name, password }: Credentials, ip: string): Promise<NewSession> {
    this.throttle.begin(tenant, name, ip);
    const user = await this.users.findByName(tenant, name);
    if (!(await this.hasher.verify(user?.passwordHash, password)) || !user) throw new StepwellError('SIGN_IN_FAILED');
    this.throttle.succeeded(tenant, name, ip);
    return this.sessions.open(user);
  }
}
