import { Modal, Switch, Table, Text } from '@mantine/core';
import { useSyncExternalStore } from 'react';
import { nameOf } from './key.js';
import { KeyCaps } from './key-caps.js';
import { singleKeys } from './single-keys.js';
import { registry } from './use-actions.js';

/** The keys that work on the page below, innermost part first. */
export default function ShortcutSheet({ onClose }: { readonly onClose: () => void }) {
  const areOn = useSyncExternalStore(singleKeys.subscribe, singleKeys.areOn);
  const groups = registry
    .groups()
    .map(({ title, actions }) => ({ title, actions: actions.filter(({ keys = [] }) => keys.length > 0) }))
    .filter(({ actions }) => actions.length > 0);
  return (
    <Modal opened onClose={onClose} title="Keyboard" size="md">
      <Switch
        label="Keys that are single characters"
        description="Switch them off if you dictate. Kept in this browser; all that they do is in the palette, too."
        checked={areOn}
        onChange={(event) => singleKeys.switchTo(event.currentTarget.checked)}
        data-autofocus
        pt={4}
        mb="sm"
      />
      {groups.map(({ title, actions }) => (
        <Table key={title} verticalSpacing={5} fz="sm" mb="sm" captionSide="top">
          <Table.Caption ta="left" mt={0} mb={2} fw={600} c="var(--mantine-color-text)">
            {title}
          </Table.Caption>
          <Table.Tbody>
            {actions.map(({ id, name, keys = [] }) => (
              <Table.Tr key={id} data-action={id}>
                <Table.Th w={150} fw={400} scope="row" style={{ whiteSpace: 'nowrap' }}>
                  {keys.map((key, index) => (
                    <span key={nameOf(key)}>
                      {index > 0 ? (
                        <Text span inherit c="dimmed">
                          {' or '}
                        </Text>
                      ) : null}
                      <KeyCaps of={key} />
                    </span>
                  ))}
                </Table.Th>
                <Table.Td>{name}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      ))}
    </Modal>
  );
}
