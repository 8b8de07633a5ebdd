/** How somebody wants to be told. */
import { StepwellError } from '@stepwell/contracts';
import type { PreferencesChange } from '@stepwell/storage';
import { IANAZone } from 'luxon';
import { CHANNELS, NOTICE_KINDS } from './notification-options.js';
import { type Rhythm, RHYTHMS, type TellingTimes } from './telling-time.js';

export interface Preferences extends TellingTimes {
  /** Channels that he wants; mail also needs a verified address. */
  readonly channels: readonly string[];
  readonly kinds: readonly string[];
}

/** Of who has said nothing; the columns of the table have the same. */
const DEFAULTS: Preferences = {
  channels: CHANNELS,
  kinds: NOTICE_KINDS,
  ...{ rhythm: 'at-once', dailyAt: '08:00', zone: 'UTC', quietFrom: null, quietUntil: null },
};

type Said = { readonly [Key in keyof PreferencesChange]: PreferencesChange[Key] | null };

/** @param said as it is stored; null where he has no row */
export function preferencesOf(said: Said | undefined): Preferences {
  return {
    channels: said?.channels ?? DEFAULTS.channels,
    kinds: said?.kinds ?? DEFAULTS.kinds,
    rhythm: (said?.rhythm ?? DEFAULTS.rhythm) as Rhythm,
    dailyAt: said?.dailyAt ?? DEFAULTS.dailyAt,
    zone: said?.zone ?? DEFAULTS.zone,
    quietFrom: said?.quietFrom ?? null,
    quietUntil: said?.quietUntil ?? null,
  };
}

const CLOCK = /^([01]\d|2[0-3]):[0-5]\d$/;

/** @throws StepwellError INPUT_INVALID with the field */
export function checkPreferences(change: PreferencesChange): void {
  const { channels, kinds, rhythm, dailyAt, zone, quietFrom, quietUntil } = change;
  requireKnown('channels', channels, CHANNELS);
  requireKnown('kinds', kinds, NOTICE_KINDS);
  requireKnown('rhythm', [rhythm], RHYTHMS);
  require(CLOCK.test(dailyAt), 'dailyAt', `"${dailyAt}" is no time of day, such as 08:00.`);
  require(IANAZone.isValidZone(zone), 'zone', `"${zone}" is no time zone, such as Europe/Berlin.`);
  for (const [path, clock] of Object.entries({ quietFrom, quietUntil }))
    require(clock === null || CLOCK.test(clock), path, `"${clock}" is no time of day, such as 22:00.`);
  require((quietFrom === null) === (quietUntil === null), 'quietUntil', 'Quiet hours have a beginning and an end.');
  require(quietFrom === null || quietFrom !== quietUntil, 'quietUntil', 'Quiet hours end at another time than they begin.');
}

function requireKnown(path: string, values: readonly string[], known: readonly string[]): void {
  const unknown = values.find((value) => !known.includes(value));
  require(unknown === undefined, path, `"${unknown}" is none of ${known.join(', ')}.`);
}

function require(ok: boolean, path: string, message: string): void {
  if (!ok) throw new StepwellError('INPUT_INVALID', { reason: message }, { fields: [{ path, message }] });
}
