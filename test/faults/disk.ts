/**
 * A disk that can be filled: the journal and the runs of this month lie in a tablespace on a small tmpfs, the log of the database on the
 * large disk, so that a full disk is refused statements and no end of the server. Needs the right to mount.
 */
import { execFileSync } from 'node:child_process';
import { chownSync, mkdirSync, renameSync, rmdirSync, statfsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Database } from '../crash/database.js';
import { isKept } from '../crash/program.js';

const SPARE_PAGES = 16;
const MOST_SPARE_PAGES = 320;

export class Disk {
  private readonly place: string;
  private isMounted = false;
  /** Why there is none. */
  absence: string | null = null;

  constructor(
    private readonly folder: string,
    private readonly megabytes: number,
  ) {
    this.place = join(folder, 'small-disk');
  }

  /** Mounts it, and moves the partitions that grow. */
  async take(database: Pick<Database, 'query'>): Promise<void> {
    try {
      mkdirSync(this.place);
      execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${this.megabytes}m`, 'tmpfs', this.place], { stdio: 'pipe' });
      this.isMounted = true;
    } catch {
      this.absence = 'there is no right to mount a small disk';
      return;
    }
    const space = join(this.place, 'space');
    mkdirSync(space, { mode: 0o700 });
    const [data] = await database.query<{ data_directory: string }>('SHOW data_directory');
    const { uid, gid } = statSync(data?.data_directory ?? '');
    chownSync(space, uid, gid);
    await database.query(`CREATE TABLESPACE small LOCATION '${space}'`);
    const partitions = await database.query<{ name: string }>(
      "SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent IN ('journal'::regclass, 'runs'::regclass)",
    );
    for (const { name } of partitions) await database.query(`ALTER TABLE ${name} SET TABLESPACE small`);
  }

  /** Leaves no room, not for one page more. */
  fill(): void {
    for (let spare = 0; ; spare += SPARE_PAGES) {
      const { blocks, bfree, bsize } = statfsSync(this.place);
      try {
        this.resize(`${(blocks - bfree + spare) * bsize}`);
        return;
      } catch (error) {
        // More has been written between the two: then it would be smaller than what is on it.
        if (spare > MOST_SPARE_PAGES) throw error;
      }
    }
  }

  free(): void {
    this.resize(`${this.megabytes}m`);
  }

  /** What was on it stays in its place when the folder is kept: without it the database does not start. To be called when it has ended. */
  release(): void {
    if (!this.isMounted) return;
    const kept = isKept(this.folder) ? `${this.place}.kept` : undefined;
    try {
      if (kept) execFileSync('cp', ['-a', this.place, kept], { stdio: 'pipe' });
    } finally {
      execFileSync('umount', ['-l', this.place], { stdio: 'pipe' });
    }
    if (!kept) return;
    rmdirSync(this.place);
    renameSync(kept, this.place);
  }

  private resize(size: string): void {
    execFileSync('mount', ['-o', `remount,size=${size}`, this.place], { stdio: 'pipe' });
  }
}
