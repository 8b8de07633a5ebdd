import { useLocation } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useSession } from '../../session/session.js';
import { rememberItem } from './recent-items.js';

/** Keeps the thing that this page shows among those that the palette offers again. @param title absent while it is not there */
export function useRecent(kind: string, title: string | undefined): void {
  const { viewer } = useSession();
  const { pathname } = useLocation();
  useEffect(() => {
    if (title !== undefined) rememberItem(viewer.id, { href: pathname, title, kind });
  }, [viewer.id, pathname, kind, title]);
}
