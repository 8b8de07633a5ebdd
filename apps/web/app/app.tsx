import { MantineProvider } from '@mantine/core';
import { RouterProvider } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, type ReactNode } from 'react';
import { focusKeeper } from './focus/focus-keeper.js';
import { router } from './router.js';
import { SessionGate } from './session/session-gate.js';
import { Splash } from './shell/splash.js';
import { theme } from './theme/theme.js';

const UnsubscribePage = lazy(async () => ({ default: (await import('./notifications/unsubscribe.page.js')).UnsubscribePage }));
const LinkGate = lazy(async () => ({ default: (await import('./links/link-gate.js')).LinkGate }));

export function App() {
  useEffect(() => focusKeeper.watch(), []);
  return (
    <MantineProvider theme={theme} defaultColorScheme="auto">
      <Suspense fallback={<Splash />}>
        <Entrance>
          <SessionGate>
            <RouterProvider router={router} />
          </SessionGate>
        </Entrance>
      </Suspense>
    </MantineProvider>
  );
}

/** Links of messages are for whoever holds them, or may be; everything else is behind the sign-in. */
function Entrance({ children }: { readonly children: ReactNode }) {
  const [, first, token] = window.location.pathname.split('/');
  if (first === 'unsubscribe') return <UnsubscribePage />;
  return first === 'links' && token ? <LinkGate token={token}>{children}</LinkGate> : children;
}
