/**
 * An amount as people write it, as decimal text: `1,234.50`, `1'234.5` and `1234,50` are read; `1.234` is one and a bit, as the schema has
 * it. What cannot be read is left as it is, for the server to refuse where the person sees it.
 */
export function readAmount(text: string): string {
  const bare = text.trim().replaceAll(/[\s'’\u00a0\u202f]/g, '');
  if (/^-?\d{1,3}(,\d{3})+(\.\d*)?$/.test(bare)) return withoutPoint(bare.replaceAll(',', ''));
  if (/^-?\d{1,3}(\.\d{3})+,\d*$/.test(bare)) return withoutPoint(bare.replaceAll('.', '').replace(',', '.'));
  return /^-?\d+,\d*$/.test(bare) ? withoutPoint(bare.replace(',', '.')) : withoutPoint(bare);
}

function withoutPoint(amount: string): string {
  return amount.replace(/\.$/, '');
}
