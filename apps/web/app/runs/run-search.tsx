import { CloseButton, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import { KeyHint } from '../actions/key-hint.js';
import { useActions } from '../actions/use-actions.js';
import classes from './runs-toolbar.module.css';

interface RunSearchProps {
  /** As it stands in the address. */
  readonly text: string;
  readonly onSearch: (text: string) => void;
}

/** Asked on Enter and not at each letter: a part of a key is not what is looked for. */
export function RunSearch({ text, onSearch }: RunSearchProps) {
  const [typed, setTyped] = useState(text);
  const [known, setKnown] = useState(text);
  const input = useRef<HTMLInputElement>(null);
  // The address has changed: by Back, or by Clear.
  if (text !== known) {
    setKnown(text);
    setTyped(text);
  }
  const begin = () => {
    input.current?.select();
    input.current?.focus();
  };
  useActions('page', 'Runs', [{ id: 'runs.search', name: 'Find a run by its id or key', keys: ['/'], run: begin }]);
  const search = (words: string) => {
    setTyped(words);
    onSearch(words);
  };
  return (
    <form
      className={classes.search}
      onSubmit={(event) => {
        event.preventDefault();
        search(typed.trim());
      }}
    >
      <TextInput
        ref={input}
        size="xs"
        type="search"
        aria-label="Find a run by its id or key"
        placeholder="Id or key"
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return;
          search('');
          event.currentTarget.blur();
        }}
        leftSection={<IconSearch size={14} stroke={1.8} />}
        rightSection={
          typed ? (
            <CloseButton size="xs" aria-label="Clear the search" onClick={() => search('')} />
          ) : (
            <KeyHint of="runs.search" isForSightedOnly />
          )
        }
      />
    </form>
  );
}
