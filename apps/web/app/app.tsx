import { MantineProvider } from '@mantine/core';
import { RouterProvider } from '@tanstack/react-router';
import { router } from './router.js';
import { SessionGate } from './session/session-gate.js';
import { theme } from './theme/theme.js';

export function App() {
  return (
    <MantineProvider theme={theme} defaultColorScheme="auto">
      <SessionGate>
        <RouterProvider router={router} />
      </SessionGate>
    </MantineProvider>
  );
}
