import { Link, useLocation } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { BrandMark } from '../brand/brand-mark.js';
import { LiveDot } from '../connection/live-dot.js';
import { InboxCount } from '../inbox/inbox-count.js';
import { UserMenu } from '../session/user-menu.js';
import { ColorSchemeToggle } from '../theme/color-scheme-toggle.js';
import classes from './top-bar.module.css';

export function TopBar() {
  const nav = useRef<HTMLElement>(null);
  const { pathname } = useLocation();
  // On a phone the pages do not all fit; the one that is open is in the middle, clear of the ends that fade away.
  // Returns nothing: newer browsers give a promise back from the scroll, which React would call as the effect's end.
  useEffect(() => {
    void nav.current?.querySelector('.active')?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }, [pathname]);
  return (
    <header className={classes.bar}>
      <Link to="/inbox" className={classes.brand} aria-label="Stepwell, to the inbox">
        <BrandMark />
        <span className={classes.name}>Stepwell</span>
      </Link>
      <nav ref={nav} className={classes.nav} aria-label="Pages">
        <Link to="/inbox" className={classes.link}>
          Inbox
          <InboxCount />
        </Link>
        <Link to="/runs" className={classes.link}>
          Runs
        </Link>
        <Link to="/dead-letters" className={classes.link}>
          Dead letters
        </Link>
        <Link to="/sessions" className={classes.link}>
          Sessions
        </Link>
        <Link to="/workflows" className={classes.link}>
          Workflows
        </Link>
        <Link to="/schedules" className={classes.link}>
          Schedules
        </Link>
        <Link to="/events" className={classes.link}>
          Events
        </Link>
        <Link to="/emitters" className={classes.link}>
          Emitters
        </Link>
      </nav>
      <div className={classes.tools}>
        <LiveDot />
        <ColorSchemeToggle />
        <UserMenu />
      </div>
    </header>
  );
}
