export function ratios(
  figure: { readonly key: string; readonly better?: 'more' | 'less' },
  own: readonly Readonly<Record<string, number>>[],
  others: readonly Readonly<Record<string, number>>[],
): number[];
