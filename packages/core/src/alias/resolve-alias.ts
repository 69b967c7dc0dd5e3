import { ValidationError } from '../errors.ts';

interface Alias<Name extends string, Value> {
  /** The two names of the field in the request, the newer one first. */
  readonly names: readonly [Name, Name];
  /** The value of the field before the request, if it has one. */
  readonly stored: Value | undefined;
  readonly isSame?: (one: Value, other: Value) => boolean;
  /** The place of the field in the request. */
  readonly loc?: readonly string[];
}

/**
 * Reads a field that has two names. Responses carry both, so a caller who changes one of them sends the other one back
 * as it was: the value that differs from the stored one is the change. Null or absent beside a value counts as not given.
 *
 * @returns the value; null when the request clears the field; undefined when the request leaves the field out
 * @throws ValidationError when both values differ from each other and from the stored one
 * @example
 * resolveAlias({ throttleRate: 5, rateLimit: 9 }, { names: ['throttleRate', 'rateLimit'], stored: 5 }) // => 9
 */
export function resolveAlias<Name extends string, Value>(
  input: { readonly [Key in Name]?: Value | null | undefined },
  { names, stored, isSame = Object.is, loc = ['body'] }: Alias<Name, Value>,
): Value | null | undefined {
  const [name, older] = names;
  const [value, olderValue] = [input[name], input[older]];
  if (value == null) return olderValue ?? (value === null ? null : olderValue);
  if (olderValue == null || isSame(value, olderValue)) return value;
  if (stored !== undefined && isSame(olderValue, stored)) return value;
  if (stored !== undefined && isSame(value, stored)) return olderValue;
  const msg = `${name} and ${older} are two names of one field but have different values: give one of them`;
  throw new ValidationError([{ loc: [...loc, older], msg, type: 'value_error' }]);
}
