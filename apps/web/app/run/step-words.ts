import { humaniseKey } from '../values/humanise-key.js';

/** A step by its name, with what is around it where it is not at the top: `Charge (orders/charge [2])`. */
export function stepWords({ path, iteration }: { readonly path: string; readonly iteration: string }): string {
  const name = humaniseKey(path.slice(path.lastIndexOf('/') + 1));
  const isInner = path.includes('/') || iteration !== '';
  return isInner ? `${name} (${path}${iteration === '' ? '' : ` [${iteration}]`})` : name;
}
