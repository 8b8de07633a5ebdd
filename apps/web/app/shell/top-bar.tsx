import { Link } from '@tanstack/react-router';
import { BrandMark } from '../brand/brand-mark.js';
import { LiveDot } from '../connection/live-dot.js';
import { InboxCount } from '../inbox/inbox-count.js';
import { UserMenu } from '../session/user-menu.js';
import { ColorSchemeToggle } from '../theme/color-scheme-toggle.js';
import classes from './top-bar.module.css';

export function TopBar() {
  return (
    <header className={classes.bar}>
      <Link to="/inbox" className={classes.brand} aria-label="Stepwell, to the inbox">
        <BrandMark />
        <span className={classes.name}>Stepwell</span>
      </Link>
      <nav className={classes.nav} aria-label="Pages">
        <Link to="/inbox" className={classes.link}>
          Inbox
          <InboxCount />
        </Link>
        <Link to="/runs" className={classes.link}>
          Runs
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
