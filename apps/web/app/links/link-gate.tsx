// The page of a link needs no sign-in where the link alone is enough; the server says whether it does. Elsewhere it is one of the
// pages behind the sign-in.
import { useEffect, useState, type ReactNode } from 'react';
import { Provider } from 'urql';
import { connect, type Wire } from '../connection/wire.js';
import { isSignInNeeded } from '../connection/request-error.js';
import { Splash } from '../shell/splash.js';
import { LinkPage } from './link.page.js';
import { ApprovalLinkQuery } from './link.query.js';
import classes from './link.module.css';

interface LinkGateProps {
  readonly token: string;
  /** The application behind its sign-in. */
  readonly children: ReactNode;
}

export function LinkGate({ token, children }: LinkGateProps) {
  const [wire, setWire] = useState<Wire | 'sign-in'>();
  useEffect(() => {
    const own = connect(() => undefined);
    void own.client
      .query(ApprovalLinkQuery, { token })
      .toPromise()
      .then(({ error }) => setWire(error && isSignInNeeded(error) ? 'sign-in' : own));
  }, [token]);

  if (!wire) return <Splash />;
  if (wire === 'sign-in') return children;
  return (
    <Provider value={wire.client}>
      <main className={classes.alone}>
        <LinkPage token={token} />
      </main>
    </Provider>
  );
}
