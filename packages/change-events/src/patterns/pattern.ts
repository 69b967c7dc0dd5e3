/** A test of one value. Numbers are kept as text, so that they are compared exactly. */
export type Test =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'number'; readonly number: string }
  | { readonly kind: 'boolean'; readonly is: boolean }
  | { readonly kind: 'null' }
  | { readonly kind: 'prefix' | 'suffix' | 'equals-ignore-case' | 'wildcard'; readonly text: string }
  | { readonly kind: 'exists'; readonly is: boolean }
  | { readonly kind: 'numeric'; readonly ranges: readonly NumericRange[] }
  | { readonly kind: 'anything-but'; readonly tests: readonly Test[] };

export const comparisons = ['=', '<', '<=', '>', '>='] as const;

/** One comparison with a number. */
export interface NumericRange {
  readonly comparison: (typeof comparisons)[number];
  readonly number: string;
}

/** A condition on an item, as plain data. The first name of a path is `new`, `old` or `keys`. */
export type Pattern =
  | { readonly kind: 'value'; readonly path: readonly string[]; readonly anyOf: readonly Test[] }
  | { readonly kind: 'all'; readonly of: readonly Pattern[] }
  | { readonly kind: 'any'; readonly of: readonly Pattern[] };
