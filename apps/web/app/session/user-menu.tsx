import { Avatar, Menu, Text, UnstyledButton } from '@mantine/core';
import { IconBell, IconKey, IconKeyboard, IconLogout } from '@tabler/icons-react';
import { Link, useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { forgetItems } from '../actions/palette/recent-items.js';
import { registry, useActions } from '../actions/use-actions.js';
import { humaniseWord } from '../values/humanise-key.js';
import { signOut } from './auth-requests.js';
import { useSession } from './session.js';

const PasswordDialog = lazy(() => import('./password-dialog.js'));

export function UserMenu() {
  const { viewer } = useSession();
  const navigate = useNavigate();
  const [isOpen, setOpen] = useState(viewer.passwordIsOneTime);
  // Once loaded the dialog stays, so that it can fade out.
  const [isWanted, setWanted] = useState(viewer.passwordIsOneTime);

  const leave = async () => {
    await signOut();
    forgetItems();
    // A whole new page: nothing of this person stays in memory.
    window.location.assign('/');
  };
  const changePassword = () => {
    setWanted(true);
    setOpen(true);
  };
  useActions('everywhere', 'Account', [
    { id: 'account.notifications', name: 'Notifications', run: () => void navigate({ to: '/notifications' }) },
    { id: 'account.password', name: 'Change password', run: changePassword },
    { id: 'account.sign-out', name: 'Sign out', run: () => void leave() },
  ]);

  return (
    <>
      <Menu position="bottom-end" width={220}>
        <Menu.Target>
          <UnstyledButton style={{ borderRadius: '50%' }}>
            <span className="visually-hidden">Account of {viewer.displayName}</span>
            <Avatar aria-hidden="true" size={28} name={viewer.displayName} color="well" variant="light" />
          </UnstyledButton>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>
            <Text size="sm" fw={600} c="var(--mantine-color-text)" className="ellipsis">
              {viewer.displayName}
            </Text>
            <Text size="xs">{humaniseWord(viewer.role)}</Text>
          </Menu.Label>
          <Menu.Item leftSection={<IconBell size={16} stroke={1.7} />} component={Link} to="/notifications">
            Notifications
          </Menu.Item>
          <Menu.Item leftSection={<IconKeyboard size={16} stroke={1.7} />} onClick={() => registry.run('shell.sheet')}>
            Keyboard
          </Menu.Item>
          <Menu.Item leftSection={<IconKey size={16} stroke={1.7} />} onClick={changePassword}>
            Change password
          </Menu.Item>
          <Menu.Item leftSection={<IconLogout size={16} stroke={1.7} />} onClick={() => void leave()}>
            Sign out
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {isWanted ? (
        <Suspense fallback={null}>
          <PasswordDialog isOpen={isOpen} isFirst={viewer.passwordIsOneTime} onClose={() => setOpen(false)} />
        </Suspense>
      ) : null}
    </>
  );
}
