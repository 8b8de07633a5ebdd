import { Kbd } from '@mantine/core';
import { Fragment } from 'react';
import { signsOf, type Key } from './key.js';

/** A key, or several that are pressed together. */
export function KeyCaps({ of }: { readonly of: Key }) {
  return signsOf(of).map((sign, index) => (
    <Fragment key={sign}>
      {index > 0 ? ' + ' : null}
      <Kbd size="xs">{sign}</Kbd>
    </Fragment>
  ));
}
