import { Kbd, Modal, Table } from '@mantine/core';
import { modKeyName } from './mod-key.js';

const SHEET: readonly (readonly [keys: readonly string[], meaning: string])[] = [
  [['j'], 'Next task (also ↓)'],
  [['k'], 'Previous task (also ↑)'],
  [['Enter'], 'Open the task and go into its form'],
  [['n'], 'Claim the next free task'],
  [['c'], 'Claim the task'],
  [['s'], 'Skip the task, with a reason'],
  [[modKeyName(), 'Enter'], 'Complete and go to the next task'],
  [['u'], 'Take the last decision back, while that is possible'],
  [['Esc'], 'Back to the list'],
  [['?'], 'This sheet'],
];

export default function ShortcutSheet({ onClose }: { readonly onClose: () => void }) {
  return (
    <Modal opened onClose={onClose} title="Keyboard" size="sm">
      <Table verticalSpacing={7} fz="sm">
        <Table.Tbody>
          {SHEET.map(([keys, meaning]) => (
            <Table.Tr key={meaning}>
              <Table.Td w={120} style={{ whiteSpace: 'nowrap' }}>
                {keys.map((key, index) => (
                  <span key={key}>
                    {index > 0 ? ' + ' : null}
                    <Kbd>{key}</Kbd>
                  </span>
                ))}
              </Table.Td>
              <Table.Td>{meaning}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Modal>
  );
}
