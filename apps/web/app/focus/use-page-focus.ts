import { useRouter } from '@tanstack/react-router';
import { useEffect } from 'react';
import { focusKeeper } from './focus-keeper.js';

/** Another page begins at its heading, which a screen reader then reads. The tasks of the inbox are parts of one page: who opens one says where the focus goes. */
export function usePageFocus(): void {
  const router = useRouter();
  useEffect(
    () =>
      router.subscribe('onRendered', ({ fromLocation, toLocation }) => {
        if (fromLocation && pageOf(fromLocation.pathname) !== pageOf(toLocation.pathname)) focusKeeper.begin();
      }),
    [router],
  );
}

function pageOf(pathname: string): string {
  return pathname.startsWith('/inbox/') ? '/inbox' : pathname;
}
