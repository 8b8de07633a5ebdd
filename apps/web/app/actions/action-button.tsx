import { Button, type ButtonProps } from '@mantine/core';
import { useMergedRef } from '@mantine/hooks';
import { useRef, type ComponentPropsWithRef } from 'react';
import { isUsable } from '../focus/focusable.js';
import { useActions } from './use-actions.js';

interface ActionButtonProps extends ButtonProps, Omit<ComponentPropsWithRef<'button'>, keyof ButtonProps> {
  /** Of the action: `run.pause`. */
  readonly id: string;
  /** What the palette calls it, where it stands beside other things: `Pause the run`. */
  readonly name: string;
  /** Under which title it stands there. */
  readonly group: string;
}

/** A button that is also an action of the page, as long as it stands there. */
export function ActionButton({ id, name, group, ref, ...props }: ActionButtonProps) {
  const button = useRef<HTMLButtonElement>(null);
  const isEnabled = () => button.current !== null && isUsable(button.current);
  useActions('item', group, [{ id, name, isEnabled, run: () => button.current?.click() }]);
  return <Button {...props} ref={useMergedRef(button, ref)} />;
}
