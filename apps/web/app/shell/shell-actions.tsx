// What can be done on every page, and the two windows that show what else can be.
import { useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useState, useSyncExternalStore } from 'react';
import { answerKeys } from '../actions/answer-keys.js';
import { singleKeys } from '../actions/single-keys.js';
import { registry, useActions } from '../actions/use-actions.js';
import { usePages } from './pages.js';

const Palette = lazy(() => import('../actions/palette/palette.js'));
const ShortcutSheet = lazy(() => import('../actions/shortcut-sheet.js'));

export function ShellActions() {
  const navigate = useNavigate();
  const pages = usePages();
  const areSingleKeysOn = useSyncExternalStore(singleKeys.subscribe, singleKeys.areOn);
  const [open, setOpen] = useState<'palette' | 'sheet'>();
  useEffect(() => answerKeys(registry, window), []);
  useActions('everywhere', 'Everywhere', [
    { id: 'shell.palette', name: 'Find a page, a run, a task or what to do', keys: ['mod+k'], isMove: true, run: () => setOpen('palette') },
    { id: 'shell.sheet', name: 'Show the keys of this page', keys: ['?'], run: () => setOpen('sheet') },
    {
      id: 'shell.single-keys',
      name: areSingleKeysOn ? 'Switch off keys that are single characters' : 'Switch on keys that are single characters',
      run: () => singleKeys.switchTo(!areSingleKeysOn),
    },
  ]);
  useActions(
    'everywhere',
    'Go to',
    pages.map(({ to, title }) => ({ id: `go.${to}`, name: title, run: () => void navigate({ to }) })),
  );
  const close = () => setOpen(undefined);
  return (
    <Suspense fallback={null}>
      {open === 'palette' ? <Palette onClose={close} /> : null}
      {open === 'sheet' ? <ShortcutSheet onClose={close} /> : null}
    </Suspense>
  );
}
