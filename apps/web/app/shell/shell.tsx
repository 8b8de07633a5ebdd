import { Notifications } from '@mantine/notifications';
import { Outlet } from '@tanstack/react-router';
import { Announcer } from '../focus/announcer.js';
import { usePageFocus } from '../focus/use-page-focus.js';
import { ShellActions } from './shell-actions.js';
import { TopBar } from './top-bar.js';

/** The frame of every page. */
export function Shell() {
  usePageFocus();
  return (
    <>
      <a href="#main" className="skip-link">
        Skip to the page
      </a>
      <TopBar />
      <main id="main" tabIndex={-1} style={{ outline: 'none' }}>
        <Outlet />
      </main>
      <ShellActions />
      <Announcer />
      {/* Inside the router: notifications carry links. */}
      <Notifications position="bottom-right" limit={3} autoClose={5_000} />
    </>
  );
}
