import { useEffect } from 'react';
import type { TaskDesk } from './desk/task-desk.js';

/** Saves the draft when the page is hidden (tab change, phone locked, tab closed), and asks before text that is not saved is thrown away. */
export function useSafeLeave(desk: TaskDesk): void {
  useEffect(() => {
    const onVisibility = () => {
      if (document.visibilityState === 'hidden') void desk.leave();
    };
    const onUnload = (event: BeforeUnloadEvent) => {
      if (!desk.isBehind) return;
      void desk.leave();
      event.preventDefault();
    };
    document.addEventListener('visibilitychange', onVisibility);
    window.addEventListener('beforeunload', onUnload);
    return () => {
      document.removeEventListener('visibilitychange', onVisibility);
      window.removeEventListener('beforeunload', onUnload);
    };
  }, [desk]);
}
