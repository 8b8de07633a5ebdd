import { ActionIcon } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconTrash } from '@tabler/icons-react';
import type { ArrayFieldItemTemplateProps } from '@rjsf/utils';
import { use } from 'react';
import { ListContext } from './list-context.js';
import classes from './list.module.css';

/** One item of a list, with the buttons that move and remove it. */
export function ListItemTemplate({ children, buttonsProps, index, totalItems, uiSchema, disabled, readonly }: ArrayFieldItemTemplateProps) {
  const { wantFocus } = use(ListContext);
  const { hasMoveUp, hasMoveDown, hasRemove, onMoveUpItem, onMoveDownItem, onRemoveItem } = buttonsProps;
  const name = String(uiSchema?.['ui:title'] ?? `Item ${index + 1}`);
  const isOff = (disabled ?? false) || (readonly ?? false);
  return (
    <li className={classes.item}>
      <div className={classes.content}>{children}</div>
      <div className={classes.tools}>
        {totalItems > 1 ? (
          <>
            <ActionIcon
              data-does="up"
              variant="subtle"
              color="gray"
              aria-label={`Move ${name} up`}
              disabled={isOff || !hasMoveUp}
              onClick={(event) => {
                wantFocus({ length: totalItems, index: index - 1, button: 'up' });
                onMoveUpItem(event);
              }}
            >
              <IconArrowUp size={16} stroke={1.7} />
            </ActionIcon>
            <ActionIcon
              data-does="down"
              variant="subtle"
              color="gray"
              aria-label={`Move ${name} down`}
              disabled={isOff || !hasMoveDown}
              onClick={(event) => {
                wantFocus({ length: totalItems, index: index + 1, button: 'down' });
                onMoveDownItem(event);
              }}
            >
              <IconArrowDown size={16} stroke={1.7} />
            </ActionIcon>
          </>
        ) : null}
        {hasRemove ? (
          <ActionIcon
            data-does="remove"
            variant="subtle"
            color="gray"
            aria-label={`Remove ${name}`}
            disabled={isOff}
            onClick={(event) => {
              wantFocus({ length: totalItems - 1, index: Math.min(index, totalItems - 2), button: 'remove' });
              onRemoveItem(event);
            }}
          >
            <IconTrash size={16} stroke={1.7} />
          </ActionIcon>
        ) : null}
      </div>
    </li>
  );
}
