import { Alert, Button, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { BrandMark } from '../brand/brand-mark.js';
import { ColorSchemeToggle } from '../theme/color-scheme-toggle.js';
import { useDocumentTitle } from '../shell/use-document-title.js';
import { signIn, type AuthOutcome } from './auth-requests.js';
import { DemoRoles } from './demo-roles.js';
import classes from './sign-in-page.module.css';

interface SignInPageProps {
  readonly onSignedIn: () => Promise<void>;
  readonly note?: string;
}

export function SignInPage({ onSignedIn, note }: SignInPageProps) {
  useDocumentTitle('Sign in');
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const [failure, setFailure] = useState<string>();
  const [busy, setBusy] = useState<string>();

  const attempt = async (what: string, request: Promise<AuthOutcome>) => {
    setBusy(what);
    setFailure(undefined);
    const outcome = await request;
    if (outcome.failure === undefined) await onSignedIn();
    else setFailure(outcome.failure);
    setBusy(undefined);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void attempt('password', signIn(name.trim(), password));
  };

  return (
    <main className={classes.page} tabIndex={-1}>
      <div className={classes.corner}>
        <ColorSchemeToggle />
      </div>
      <div className={classes.card}>
        <div className={classes.brand}>
          <BrandMark size={44} />
          <h1 className={classes.title}>Stepwell</h1>
          <Text size="sm" c="dimmed">
            Work that machines start and people finish
          </Text>
        </div>
        {note ? (
          <Alert variant="light" p="xs" role="status">
            {note}
          </Alert>
        ) : null}
        <form onSubmit={submit} aria-label="Sign in">
          <Stack gap="sm">
            <TextInput
              label="User name"
              name="username"
              autoComplete="username"
              autoCapitalize="none"
              spellCheck={false}
              autoFocus
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
            />
            <PasswordInput
              label="Password"
              name="password"
              autoComplete="current-password"
              value={password}
              onChange={(event) => setPassword(event.currentTarget.value)}
            />
            {failure ? (
              <Alert color="red" variant="light" p="xs" role="alert">
                {failure}
              </Alert>
            ) : null}
            <Button type="submit" fullWidth loading={busy === 'password'} disabled={name.trim() === '' || password === ''}>
              Sign in
            </Button>
          </Stack>
        </form>
        <DemoRoles busy={busy} onChoose={attempt} />
      </div>
    </main>
  );
}
