// One field that finds everything: what can be done on the page below, the pages, and things by their words, keys and ids. A combobox as
// screen readers know it: the focus stays in the field, the arrows choose in the list, which is told.
import { Modal, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useEffect, useId, useMemo, useRef, useState, type KeyboardEvent } from 'react';
import type { ActionGroup } from '../action.js';
import { KeyCaps } from '../key-caps.js';
import { pageButtons } from '../page-buttons.js';
import { registry } from '../use-actions.js';
import { actionItems, fitting, type PaletteItem } from './palette-items.js';
import { useFound } from './use-found.js';
import classes from './palette.module.css';

export default function Palette({ onClose }: { readonly onClose: () => void }) {
  const id = useId();
  const [typed, setTyped] = useState('');
  const [at, setAt] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  // Where one was, and what could be done there, when it was opened.
  const [from] = useState(() => document.activeElement);
  const [here] = useState(() => actionItems(withPage(registry.groups())));
  const { groups: found, isLooking } = useFound(typed);
  const groups = useMemo(() => {
    const fit = fitting(here, typed);
    return typed.trim() === '' ? [...found, ...fit] : [...fit, ...found];
  }, [here, found, typed]);
  const items = groups.flatMap((group) => group.items);
  const chosen = Math.min(at, items.length - 1);
  const optionId = (index: number) => `${id}-${index}`;
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [chosen, groups]);

  const choose = (item: PaletteItem) => {
    onClose();
    if (from instanceof HTMLElement) from.focus({ preventScroll: true });
    item.choose(from);
  };
  const close = () => {
    onClose();
    if (from instanceof HTMLElement) from.focus({ preventScroll: true });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const item = items[chosen];
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'ArrowDown') setAt(chosen + 1 < items.length ? chosen + 1 : 0);
    else if (event.key === 'ArrowUp') setAt(chosen > 0 ? chosen - 1 : items.length - 1);
    else if (event.key === 'Enter' && item) choose(item);
    else return;
    event.preventDefault();
  };

  let index = -1;
  return (
    <Modal
      opened
      onClose={close}
      withCloseButton={false}
      attributes={{ content: { 'aria-label': 'Find or do' } }}
      size="lg"
      padding={0}
      yOffset="12vh"
      centered={false}
      returnFocus={false}
      transitionProps={{ duration: 0 }}
    >
      <TextInput
        size="md"
        variant="unstyled"
        className={classes.field}
        leftSection={<IconSearch size={18} stroke={1.7} />}
        placeholder="Find a page, a task, a run, or what to do"
        aria-label="Find or do"
        role="combobox"
        aria-expanded="true"
        aria-autocomplete="list"
        aria-controls={`${id}-list`}
        aria-activedescendant={items.length > 0 ? optionId(chosen) : undefined}
        autoComplete="off"
        spellCheck={false}
        data-autofocus
        value={typed}
        onChange={(event) => {
          setTyped(event.currentTarget.value);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
      />
      <div id={`${id}-list`} role="listbox" aria-label="What fits" className={classes.list} ref={list}>
        {groups.map(({ title, items: some }) => (
          <div key={title} role="group" aria-label={title}>
            <div className={classes.title} role="presentation">
              {title}
            </div>
            {some.map((item) => {
              index += 1;
              const place = index;
              return (
                <div
                  key={item.id}
                  id={optionId(place)}
                  role="option"
                  aria-selected={place === chosen}
                  className={classes.item}
                  data-item-id={item.id}
                  onMouseMove={() => setAt(place)}
                  onClick={() => choose(item)}
                >
                  <span className="ellipsis">{item.name}</span>
                  {item.about ? <span className={`${classes.about} ellipsis`}>{item.about}</span> : null}
                  {item.key === undefined ? null : (
                    <span className={classes.key}>
                      <KeyCaps of={item.key} />
                    </span>
                  )}
                </div>
              );
            })}
          </div>
        ))}
      </div>
      <div role="status" className={items.length > 0 ? 'visually-hidden' : classes.none}>
        {countWords(items.length, isLooking)}
      </div>
    </Modal>
  );
}

/** Behind what has keys, before what is everywhere. */
function withPage(groups: readonly ActionGroup[]): readonly ActionGroup[] {
  const everywhere = groups.findIndex(({ scope }) => scope === 'everywhere');
  return groups.toSpliced(everywhere, 0, pageButtons());
}

function countWords(count: number, isLooking: boolean): string {
  if (count === 0) return isLooking ? 'Looking…' : 'Nothing fits. Runs are found by their id or key, tasks by their words.';
  return count === 1 ? 'One fits' : `${count} fit`;
}
