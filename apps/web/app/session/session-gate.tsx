// Decides between the sign-in page and the application, at whatever address one came in, so that one lands there after signing in.
// When a session ends while the application is open, the sign-in page lies over it and what was typed stays: the same person goes on
// where they were, another one starts from a fresh page.
import type { CombinedError } from '@urql/core';
import { useCallback, useEffect, useMemo, useState, type ReactNode } from 'react';
import { Provider } from 'urql';
import { connect } from '../connection/wire.js';
import { FailureState } from '../feedback/failure-state.js';
import { Splash } from '../shell/splash.js';
import { QuietClientContext } from './quiet-client.js';
import { SessionContext } from './session.js';
import { SignInPage } from './sign-in-page.js';
import { ViewerQuery, type Viewer } from './viewer.query.js';
import classes from './session-gate.module.css';

type Gate =
  | { readonly is: 'asking' }
  | { readonly is: 'unreachable'; readonly error: CombinedError }
  | { readonly is: 'out' }
  | { readonly is: 'in'; readonly viewer: Viewer }
  | { readonly is: 'expired'; readonly viewer: Viewer };

export function SessionGate({ children }: { readonly children: ReactNode }) {
  const [gate, setGate] = useState<Gate>({ is: 'asking' });
  const [wire] = useState(() =>
    connect(() => setGate((now) => (now.is === 'in' ? { is: 'expired', viewer: now.viewer } : now.is === 'asking' ? { is: 'out' } : now))),
  );

  const refresh = useCallback(async () => {
    const { data, error } = await wire.client.query(ViewerQuery, {}, { requestPolicy: 'network-only' }).toPromise();
    setGate((now) => {
      if (!data) return error && now.is === 'asking' ? { is: 'unreachable', error } : now;
      if (!data.viewer) return now.is === 'in' ? { is: 'expired', viewer: now.viewer } : now.is === 'expired' ? now : { is: 'out' };
      if (now.is === 'expired' && now.viewer.id !== data.viewer.id) window.location.reload();
      return { is: 'in', viewer: data.viewer };
    });
  }, [wire]);

  useEffect(() => void refresh(), [refresh]);

  const onSignedIn = useCallback(async () => {
    wire.reconnect();
    await refresh();
  }, [wire, refresh]);

  const viewer = gate.is === 'in' || gate.is === 'expired' ? gate.viewer : undefined;
  const session = useMemo(() => (viewer ? { viewer, refresh } : undefined), [viewer, refresh]);

  switch (gate.is) {
    case 'asking':
      return <Splash />;
    case 'unreachable':
      return (
        <FailureState
          error={gate.error}
          onRetry={() => {
            setGate({ is: 'asking' });
            void refresh();
          }}
        />
      );
    case 'out':
      return <SignInPage onSignedIn={onSignedIn} />;
    case 'in':
    case 'expired':
      return (
        <Provider value={wire.client}>
          <QuietClientContext value={wire.quiet}>
            <SessionContext value={session}>
              <div inert={gate.is === 'expired'} hidden={gate.is === 'expired'}>
                {children}
              </div>
              {gate.is === 'expired' ? (
                <div className={classes.over} data-over>
                  <SignInPage onSignedIn={onSignedIn} note="Your session has ended. Sign in again: what you typed is still there." />
                </div>
              ) : null}
            </SessionContext>
          </QuietClientContext>
        </Provider>
      );
  }
}
