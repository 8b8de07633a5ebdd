import { MantineProvider } from '@mantine/core';
import { RouterProvider } from '@tanstack/react-router';
import { lazy, Suspense, useEffect } from 'react';
import { focusKeeper } from './focus/focus-keeper.js';
import { router } from './router.js';
import { SessionGate } from './session/session-gate.js';
import { Splash } from './shell/splash.js';
import { theme } from './theme/theme.js';

const UnsubscribePage = lazy(async () => ({ default: (await import('./notifications/unsubscribe.page.js')).UnsubscribePage }));

export function App() {
  useEffect(() => focusKeeper.watch(), []);
  return (
    <MantineProvider theme={theme} defaultColorScheme="auto">
      {window.location.pathname.startsWith('/unsubscribe/') ? (
        <Suspense fallback={<Splash />}>
          <UnsubscribePage />
        </Suspense>
      ) : (
        <SessionGate>
          <RouterProvider router={router} />
        </SessionGate>
      )}
    </MantineProvider>
  );
}
