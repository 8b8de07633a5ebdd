import { RelativeTime } from '../time/relative-time.js';
import { SideBox } from './side-box.js';
import { stepWords } from './step-words.js';
import type { RunDetails } from './run.query.js';
import classes from './side-box.module.css';

type Intervention = RunDetails['interventions'][number];

const WORDS: Readonly<Record<string, string>> = {
  'run.paused': 'Paused',
  'run.resumed': 'Resumed',
  'stop.lifted': 'Let go on',
  'incident.retried': 'Retried',
  'incident.resolved': 'Resolved',
  'context.updated': 'Input changed',
  'cancel.requested': 'Canceled',
};

/** Who had a hand in the run, when and why, oldest first; nothing when nobody had. */
export function RunInterventions({ run: { interventions } }: { readonly run: RunDetails }) {
  if (interventions.length === 0) return null;
  return (
    <SideBox title="Interventions" count={interventions.length}>
      {interventions.map((one) => (
        <li key={one.seq} className={classes.block}>
          <span className={classes.line}>
            <span>
              {wordsOf(one)}
              {one.by ? ` by ${one.by.name}` : ''}
            </span>
            <span className={classes.soft}>
              <RelativeTime at={one.at} />
            </span>
          </span>
          {one.reason === null ? null : <span className={classes.words}>{one.reason}</span>}
        </li>
      ))}
    </SideBox>
  );
}

function wordsOf(one: Intervention): string {
  const words = WORDS[one.type] ?? one.type;
  if (one.path === '') return words;
  return `${words} ${one.type === 'stop.lifted' ? 'behind' : 'in'} ${stepWords(one)}`;
}
