import { notificationsStore } from '@mantine/notifications';
import { useEffect } from 'react';
import { announce, setAnnouncer } from './announce.js';

/** Reads out what is announced, and the notes that come up; those with more than words in them are announced by whoever shows them. */
export function Announcer() {
  useEffect(() => {
    let told = new Set<string | undefined>();
    return notificationsStore.subscribe(({ notifications, queue }) => {
      const shown = [...notifications, ...queue];
      for (const { id, message, title } of shown) {
        if (!told.has(id) && typeof message === 'string') announce(typeof title === 'string' ? `${title}. ${message}` : message);
      }
      told = new Set(shown.map(({ id }) => id));
    });
  }, []);
  // A log: what is added is read, and no more.
  return <div ref={setAnnouncer} className="visually-hidden" role="log" aria-live="polite" aria-label="What happened" />;
}
