import { UnusableData } from './unusable-data.ts';

/**
 * The reason that is stored with a record or delivery that was set aside. For `UnusableData` it is the text. For any
 * other error it is only the name and the code, because the text of an unknown error may quote a payload.
 *
 * @example
 * reasonOf(new SyntaxError('Unexpected token s in "secret"')) // => 'fault in Posthorn: SyntaxError'
 */
export const reasonOf = (error: unknown): string =>
  error instanceof UnusableData ? error.message : `fault in Posthorn: ${nameOf(error)}`;

function nameOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return typeof error;
  const name = 'name' in error && typeof error.name === 'string' && error.name !== '' ? error.name : 'unknown error';
  return 'code' in error && typeof error.code === 'string' ? `${name} (${error.code})` : name;
}
