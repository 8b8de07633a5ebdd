// In the process that measures: what its own time goes into, by V8's profiler, and what the database's does, by pg_stat_statements; both only
// while something is measured, so without start and warm-up. Worker processes beside this one are not looked into.

import { writeFile } from 'node:fs/promises';
import { Session } from 'node:inspector/promises';
import pg from 'pg';
import { readStatements, resetStatements } from './statements.mjs';

/** Fine enough for functions that take a hundredth, and a load of some hundredths itself. */
export const SAMPLE_EVERY_US = 500;

export class Profiler {
  #session = new Session();
  #admin;
  #database;
  #profiles = [];
  #statements = [];
  #units = 0;

  /** @param {string} databaseUrl of the measured database; the server has loaded pg_stat_statements */
  static async open(databaseUrl) {
    const profiler = new Profiler();
    const url = new URL(databaseUrl);
    profiler.#database = url.pathname.slice(1);
    // Not in the measured database, which is to hold nothing but what is measured.
    url.pathname = '/postgres';
    profiler.#admin = new pg.Client({ connectionString: url.href });
    await profiler.#admin.connect();
    await profiler.#admin.query('CREATE EXTENSION IF NOT EXISTS pg_stat_statements');
    profiler.#session.connect();
    await profiler.#session.post('Profiler.enable');
    await profiler.#session.post('Profiler.setSamplingInterval', { interval: SAMPLE_EVERY_US });
    return profiler;
  }

  async begin() {
    await resetStatements(this.#admin);
    await this.#session.post('Profiler.start');
  }

  /** @param {number} units of work that were done since `begin` */
  async end(units) {
    const { profile } = await this.#session.post('Profiler.stop');
    this.#statements.push(...(await readStatements(this.#admin, this.#database)));
    this.#profiles.push(profile);
    this.#units += units;
  }

  /** @param {string} file gets all that was found */
  async close(file) {
    await this.#admin.end();
    this.#session.disconnect();
    await writeFile(file, JSON.stringify({ units: this.#units, profiles: this.#profiles, statements: this.#statements }));
  }
}
