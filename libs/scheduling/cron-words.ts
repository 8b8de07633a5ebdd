import { toString as inWords } from 'cronstrue';

/** A cron expression in words: "At 02:30, Monday through Friday"; the expression itself where cronstrue knows less than croner. */
export function cronWords(cron: string): string {
  try {
    return inWords(cron, { use24HourTimeFormat: true });
  } catch {
    return cron;
  }
}
