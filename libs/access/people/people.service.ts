/** The people of a tenant for each other: their groups, and who is away and has somebody stand in. */
import { Inject, Injectable } from '@nestjs/common';
import { refusedField } from '@stepwell/contracts';
import { type Absence, listPeople, PG_POOL, pgSql, type PersonRow, readPeople, setAbsence, setGroups, type Sql } from '@stepwell/storage';
import pg from 'pg';

/** More people are found by their names, not by a list. */
const MOST_PEOPLE = 1_000;
const MAX_GROUPS = 50;
const MAX_NAME = 100;

@Injectable()
export class PeopleService {
  private readonly sql: Sql;

  constructor(@Inject(PG_POOL) pool: pg.Pool) {
    this.sql = pgSql(pool);
  }

  list(tenant: string): Promise<PersonRow[]> {
    return listPeople(this.sql, tenant, MOST_PEOPLE);
  }

  /** @throws StepwellError INPUT_INVALID with the field `name` or `groups` */
  async setGroups(tenant: string, name: string, groups: readonly string[]): Promise<PersonRow> {
    const wrong = groups.some((group) => group.trim() === '' || group.length > MAX_NAME || group.includes('\0'));
    if (wrong || groups.length > MAX_GROUPS)
      throw refusedField('groups', `At most ${MAX_GROUPS} groups, each a name of 1 to ${MAX_NAME} characters.`);
    return found(name, await setGroups(this.sql, tenant, checkedName(name), [...new Set(groups)].sort()));
  }

  /**
   * @param absence null: he is back
   * @throws StepwellError INPUT_INVALID with the field `name`, `until` or `substitute`
   */
  async setAbsence(tenant: string, name: string, absence: Absence | null): Promise<PersonRow> {
    if (absence && absence.until <= absence.from) throw refusedField('until', 'The absence ends before it begins.');
    if (absence) {
      if (absence.substitute === name) throw refusedField('substitute', 'Nobody stands in for himself.');
      const [substitute] = await readPeople(this.sql, tenant, [checkedName(absence.substitute)]);
      if (!substitute) throw refusedField('substitute', `There is nobody named "${absence.substitute}" here.`);
    }
    return found(name, await setAbsence(this.sql, tenant, checkedName(name), absence));
  }
}

function checkedName(name: string): string {
  // The database takes no NUL, and nobody has one in his name.
  return name.replaceAll('\0', ' ');
}

function found(name: string, person: PersonRow | undefined): PersonRow {
  if (!person) throw refusedField('name', `There is nobody named "${name}" here.`);
  return person;
}
