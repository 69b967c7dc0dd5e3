/**
 * A function of a text with a memory: a result is computed once, and the oldest one makes room for a new one. For functions
 * that always give the same result for the same text. An error is not remembered.
 *
 * @example
 * const parseUrl = rememberResults((text) => new URL(text), 1_000);
 */
export function rememberResults<Value>(compute: (text: string) => Value, maxEntries: number): (text: string) => Value {
  const results = new Map<string, { readonly value: Value }>();
  return (text) => {
    const known = results.get(text);
    if (known) return known.value;
    const value = compute(text);
    results.set(text, { value });
    const [oldest] = results.keys();
    if (results.size > maxEntries && oldest !== undefined) results.delete(oldest);
    return value;
  };
}
