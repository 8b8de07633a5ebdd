import { ActionRegistry } from './action-registry.js';
import type { Action, Scope } from './action.js';
import { isCharacter, nameOf, type Key, type KeyPress } from './key.js';
import { actionItems, fitting } from './palette/palette-items.js';

const none = () => undefined;
const action = (id: string, keys: readonly Key[], more: Partial<Action> = {}): Action => ({
  id,
  name: `Does ${id}`,
  keys,
  run: none,
  ...more,
});
const press = (key: string, more: Partial<KeyPress> = {}): KeyPress => ({
  ...{ key, metaKey: false, ctrlKey: false, altKey: false, shiftKey: false },
  ...more,
});

function registryOf(parts: readonly [Scope, readonly Action[]][], hasCharacters = () => true): ActionRegistry {
  const registry = new ActionRegistry(hasCharacters);
  for (const [scope, actions] of parts) registry.add(() => ({ scope, title: scope, actions }));
  return registry;
}

/** The press that a key, as it is written, is made by. */
function pressOf(key: Key): KeyPress {
  const parts = nameOf(key).split('+');
  return press(parts.at(-1) ?? '', { ctrlKey: parts.includes('mod'), altKey: parts.includes('alt'), shiftKey: parts.includes('shift') });
}

describe('the actions of a page', () => {
  const parts: readonly [Scope, readonly Action[]][] = [
    ['everywhere', [action('sheet', ['?']), action('palette', ['mod+k'])]],
    ['page', [action('list.down', ['j', { key: 'ArrowDown', within: 'li' }], { isMove: true }), action('list.skip', ['s', 'x'])]],
    ['item', [action('task.skip', ['s']), action('task.complete', ['mod+Enter']), action('task.move', ['alt+ArrowDown'])]],
  ];

  it('are found by each key that the sheet shows for them, and by no other', () => {
    const registry = registryOf(parts);
    const shown = registry.groups().flatMap(({ actions }) => actions);
    for (const { id, keys = [] } of shown) {
      for (const key of keys) expect([nameOf(key), registry.find(pressOf(key), () => true)?.id]).toEqual([nameOf(key), id]);
    }
    const names = shown.flatMap(({ keys = [] }) => keys.map(nameOf));
    expect(names).toEqual(['s', 'mod+Enter', 'alt+ArrowDown', 'j', 'ArrowDown', 'x', '?', 'mod+k']);
    for (const key of ['q', 'Enter', 'k']) expect(registry.find(press(key), () => true)).toBeUndefined();
  });

  it('give a key to the innermost part that has it, however late that came, until it goes', () => {
    const registry = registryOf([parts[2]!, parts[1]!]);
    expect(registry.find(press('s'), () => true)?.id).toBe('task.skip');
    expect(registry.keyOf('list.skip')).toBe('x');
    const leave = registry.add(() => ({ scope: 'form', title: 'Form', actions: [action('form.save', ['s'])] }));
    expect(registry.find(press('s'), () => true)?.id).toBe('form.save');
    leave();
    registry.add(() => ({ scope: 'item', title: 'item', actions: [action('task.reassign', [])] }));
    expect(registry.groups().map(({ actions }) => actions.map(({ id }) => id))).toEqual([
      ['task.skip', 'task.complete', 'task.move', 'task.reassign'],
      ['list.down', 'list.skip'],
    ]);
    expect(registry.find(press('s'), () => true)?.id).toBe('task.skip');
  });

  it('hear a key of a place only while the focus is there, and a letter whatever caps lock says', () => {
    const registry = registryOf(parts);
    expect(registry.find(press('ArrowDown'), (selector) => selector === 'li')?.id).toBe('list.down');
    expect(registry.find(press('ArrowDown'), () => false)).toBeUndefined();
    expect(registry.find(press('J'), () => false)?.id).toBe('list.down');
    expect(registry.find(press('J', { shiftKey: true }), () => false)).toBeUndefined();
    expect(registry.find(press('?', { shiftKey: true }), () => false)?.id).toBe('sheet');
    expect(registry.find(press('s', { ctrlKey: true }), () => false)).toBeUndefined();
    expect(registry.find(press('K', { metaKey: true }), () => false)?.id).toBe('palette');
  });

  it('have no single characters as keys while those are switched off, and lose nothing but them', () => {
    const registry = registryOf(parts, () => false);
    const shown = registry.groups().flatMap(({ actions }) => actions);
    expect(shown.flatMap(({ keys = [] }) => keys).filter(isCharacter)).toEqual([]);
    expect(registry.find(press('s'), () => true)).toBeUndefined();
    expect(registry.find(pressOf('mod+Enter'), () => true)?.id).toBe('task.complete');
    expect(shown.map(({ id }) => id)).toContain('task.skip');
  });

  it('are all in the palette but moves and what cannot be done now, with the key that works, and are found by any of their words', () => {
    const registry = registryOf([...parts, ['form', [action('form.save', ['s'], { isEnabled: () => false })]]]);
    const offered = actionItems(registry.groups());
    expect(offered.flatMap(({ items }) => items.map(({ id, key }) => [id, key]))).toEqual([
      ['task.skip', undefined],
      ['task.complete', 'mod+Enter'],
      ['task.move', 'alt+ArrowDown'],
      ['list.skip', 'x'],
      ['sheet', '?'],
      ['palette', 'mod+k'],
    ]);
    expect(fitting(offered, 'SKIP page').flatMap(({ items }) => items.map(({ id }) => id))).toEqual(['list.skip']);
    expect(fitting(offered, 'nothing of the kind')).toEqual([]);
  });
});
