import type { Role } from '@stepwell/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A local account. */
@Entity({ name: 'users' })
export class UserEntity {
  @PrimaryColumn({ type: 'text' })
  tenant!: string;

  @PrimaryColumn({ type: 'uuid' })
  id!: string;

  /** What is typed to sign in; unique within the tenant. */
  @Column({ type: 'text' })
  name!: string;

  @Column({ type: 'text', name: 'display_name' })
  displayName!: string;

  @Column({ type: 'text' })
  role!: Role;

  /** argon2id; an account that nobody signs in to by password holds a text that no password matches. */
  @Column({ type: 'text', name: 'password_hash' })
  passwordHash!: string;

  /** True until the password that the first start printed has been replaced. */
  @Column({ type: 'boolean', name: 'password_is_one_time' })
  passwordIsOneTime!: boolean;

  @Column({ type: 'timestamptz', name: 'created_at', insert: false, update: false })
  createdAt!: Date;
}
