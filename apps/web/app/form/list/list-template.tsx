// A list whose items are added, removed and put into another order. The focus stays with what was done: in the new item, on the button of
// the item that moved, beside the one that is gone.
import { Button, Input } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { buttonId, type ArrayFieldTemplateProps } from '@rjsf/utils';
import { useEffect, useMemo, useRef } from 'react';
import { ListContext, type Wish } from './list-context.js';
import classes from './list.module.css';

const FIELDS = 'input:not([type="hidden"]), textarea, select, button';

export function ListTemplate({ items, canAdd, onAddClick, title, required, disabled, readonly, ...field }: ArrayFieldTemplateProps) {
  const { fieldPathId, uiSchema, schema, rawErrors } = field;
  const list = useRef<HTMLOListElement>(null);
  const wish = useRef<Wish>(undefined);
  const actions = useMemo(() => ({ wantFocus: (next: Wish) => void (wish.current = next) }), []);
  useEffect(() => {
    const wanted = wish.current;
    if (!wanted || items.length !== wanted.length) return;
    wish.current = undefined;
    const row = list.current?.children[wanted.index];
    const button = wanted.button === undefined ? undefined : `[data-does="${wanted.button}"]:not(:disabled)`;
    const target = row?.querySelector<HTMLElement>(button ?? FIELDS) ?? row?.querySelector<HTMLElement>('[data-does]:not(:disabled)');
    (target ?? list.current?.parentElement?.querySelector<HTMLElement>('[data-adds]'))?.focus();
  });
  const name = String(uiSchema?.['ui:title'] ?? title);
  return (
    <Input.Wrapper
      component="fieldset"
      id={fieldPathId.$id}
      className={classes.list}
      label={name}
      labelElement="div"
      required={required ?? false}
      description={uiSchema?.['ui:description'] ?? schema.description}
      error={rawErrors?.length ? rawErrors.join('\n') : undefined}
      aria-label={name}
      aria-invalid={rawErrors?.length ? true : undefined}
    >
      <ListContext value={actions}>
        <ol className={classes.items} ref={list}>
          {items}
        </ol>
      </ListContext>
      {canAdd ? (
        <Button
          data-adds
          id={buttonId(fieldPathId, 'add')}
          variant="default"
          size="xs"
          leftSection={<IconPlus size={14} aria-hidden="true" />}
          disabled={(disabled ?? false) || (readonly ?? false)}
          aria-label={`Add to ${name}`}
          onClick={(event) => {
            actions.wantFocus({ length: items.length + 1, index: items.length });
            onAddClick(event);
          }}
        >
          Add
        </Button>
      ) : null}
    </Input.Wrapper>
  );
}
