// A button that is at work is not disabled for the browser: it would lose the focus, and who works by keyboard their place. It only does
// nothing until it is done.
import type { ComponentProps, MouseEvent } from 'react';

type RootProps = ComponentProps<'button'> & Pick<ComponentProps<'a'>, 'href'> & { readonly 'data-loading'?: boolean | string };

function busyButton({ disabled, ...props }: RootProps) {
  // What replaces the root replaces `component`, too; what has an address is a link. A link of the router brings a `renderRoot` of its own.
  if (props.href !== undefined) return <a {...(props as ComponentProps<'a'>)} />;
  if (!props['data-loading']) return <button {...props} disabled={disabled} />;
  return <button {...props} aria-disabled="true" aria-busy="true" onClick={ignore} />;
}

/** For the defaults of a theme, whose types know no `renderRoot`. */
export const BUSY_KEEPS_FOCUS: object = { renderRoot: busyButton };

/** Enter in a field of its form clicks it, too. */
function ignore(event: MouseEvent): void {
  event.preventDefault();
}
