import { Link, useLocation } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { BrandMark } from '../brand/brand-mark.js';
import { LiveDot } from '../connection/live-dot.js';
import { InboxCount } from '../inbox/inbox-count.js';
import { UserMenu } from '../session/user-menu.js';
import { ColorSchemeToggle } from '../theme/color-scheme-toggle.js';
import { PaletteButton } from '../actions/palette/palette-button.js';
import { usePages } from './pages.js';
import classes from './top-bar.module.css';

export function TopBar() {
  const nav = useRef<HTMLElement>(null);
  const pages = usePages();
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
        {pages.map(({ to, title }) => (
          <Link key={to} to={to} className={classes.link}>
            {title}
            {to === '/inbox' ? <InboxCount /> : null}
          </Link>
        ))}
      </nav>
      <div className={classes.tools}>
        <PaletteButton />
        <LiveDot />
        <ColorSchemeToggle />
        <UserMenu />
      </div>
    </header>
  );
}
