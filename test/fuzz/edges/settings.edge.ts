/** The environment: every setting there is, with values that are wrong. Each is told in a sentence with the name of the variable, all at once. */
import fc from 'fast-check';
import { isStartError, startErrorLine } from '@stepwell/postgres';
import { SETTINGS } from '../../../apps/launcher/settings.mjs';
import { readConfig } from '../../../apps/server/config.js';
import { type Edge, leaks } from '../edge.js';
import { hostileText } from '../values.js';

type Environment = Readonly<Record<string, string>>;

const NAMES = SETTINGS.map(({ name }) => name);
/** No message may have what these are set to. */
const SECRETS = NAMES.filter((name) => /SECRET(_ACCESS_KEY)?$|PROVENANCE_KEY|URL$/.test(name) && name !== 'STEPWELL_PUBLIC_URL');
const MARK = 'pass-that-nobody-shows';

const value = fc.oneof(
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      '3000',
      '0',
      '65536',
      '-1',
      '1e3',
      '0x50',
      'on',
      'off',
      'redis',
      'postgres',
      's3',
      '90d',
      '0d',
      '99999d',
      'api,worker',
      'api,,worker',
      ',',
      'open',
      'production',
      'image/*',
      '64',
      '63',
      '5',
      '0.5',
      '1e999',
      'NaN',
    ),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      'postgresql://u:p@h:5432/d',
      'postgres://',
      'postgresql://u:p%ZZ@h/d',
      'mysql://x',
      'redis://:p@h:1/2',
      'redis://h/x',
      'rediss://',
      'smtp://u:p@h:587',
      'smtp://u:p%E0@h',
      'smtps://',
      'https://h',
      'http://[',
      'https://h:99999',
      'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
      'whsec_',
      'Stepwell <a@example.com>',
      'a@',
      `postgresql://u:${MARK}@h:x/d`,
      `smtp:${MARK}`,
      MARK,
      MARK.repeat(2),
    ),
  },
  {
    weight: 2,
    arbitrary: hostileText.filter((text) => !text.includes('\0') && text.length < 100_000 && text === Buffer.from(text).toString()),
  },
);
const environments: fc.Arbitrary<Environment> = fc.dictionary(fc.constantFrom(...NAMES), value, {
  minKeys: 1,
  maxKeys: 4,
  noNullPrototype: true,
});

export const settingsEdge: Edge<Environment> = {
  ...{ name: 'settings', share: 5, together: 1, inputs: environments },
  attempt: async (environment) => {
    try {
      readConfig(environment);
      return { accepted: true, faults: [], answer: 'taken' };
    } catch (error) {
      if (!isStartError(error)) return { accepted: false, faults: [`Threw ${String(error)}`], answer: 'thrown' };
      const line = startErrorLine(error);
      const isNamed = Object.keys(environment).some((name) => line.includes(name));
      const isShown = SECRETS.some((name) => environment[name]?.includes(MARK)) && line.includes(MARK);
      return {
        accepted: false,
        faults: [
          ...leaks(line),
          ...(isNamed ? [] : [`It does not say which variable: ${line.slice(0, 300)}`]),
          ...(isShown && !Object.entries(environment).some(([name, text]) => !SECRETS.includes(name) && text.includes(MARK))
            ? [`It shows a secret: ${line.slice(0, 300)}`]
            : []),
        ],
        answer: 'told',
      };
    }
  },
};
