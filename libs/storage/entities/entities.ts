import { SessionEntity } from './session.entity.js';
import { UserEntity } from './user.entity.js';

/** The entities of the cold paths; the process's DataSource needs them all. */
export const ENTITIES = [UserEntity, SessionEntity] as const;
