import { Button, Divider, Group, Text } from '@mantine/core';
import { useEffect, useState } from 'react';
import { humaniseWord } from '../values/humanise-key.js';
import { demoRoles, signInAs, type AuthOutcome } from './auth-requests.js';
import type { Role } from './viewer.query.js';

interface DemoRolesProps {
  readonly busy: string | undefined;
  readonly onChoose: (what: string, request: Promise<AuthOutcome>) => Promise<void>;
}

/** One click per role, on a developer's own machine only: elsewhere the server does not know this route and nothing is shown. */
export function DemoRoles({ busy, onChoose }: DemoRolesProps) {
  const [roles, setRoles] = useState<readonly Role[]>([]);
  useEffect(() => {
    const leaving = new AbortController();
    void demoRoles(leaving.signal).then((found) => {
      if (!leaving.signal.aborted) setRoles(found);
    });
    return () => leaving.abort();
  }, []);

  if (roles.length === 0) return null;
  return (
    <section aria-label="Demo">
      <Divider label="or look around as" labelPosition="center" mb="sm" />
      <Group grow gap="xs">
        {roles.map((role) => (
          <Button key={role} variant="default" px="xs" loading={busy === role} onClick={() => void onChoose(role, signInAs(role))}>
            {humaniseWord(role)}
          </Button>
        ))}
      </Group>
      <Text size="xs" c="dimmed" ta="center" mt="xs">
        No password on this machine only.
      </Text>
    </section>
  );
}
