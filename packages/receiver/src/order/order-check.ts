import { inScope, requireScope } from '../once/scope.ts';

/** Where a message stands among those of its key. */
export type Order =
  /** Newer than every other message of its key that was checked. */
  | 'newer'
  /** The newest one of its key again: a repeated delivery, or the next try after a failure. */
  | 'same'
  /** A newer one of its key was checked before: this one was resent, or came out of order. */
  | 'older';

/**
 * A number that grows from each message of a key to the next, such as the version of a record or a time in milliseconds.
 * Not negative, and whole.
 */
export type Position = number | bigint;

/** Remembers the newest position of each key. */
export interface OrderStore {
  /**
   * Compares a position with the newest one of the key, and remembers it if it is newer, in one atomic step. Positions are
   * texts that compare, as texts, like the numbers they stand for.
   */
  advance(key: string, position: string): Promise<Order>;
}

export type CheckOrder = (key: string, position: Position) => Promise<Order>;

/**
 * Makes a check whether the messages of a key arrive in order. No header of a request tells its place in the order, so
 * the position is taken from the payload.
 *
 * Call it at the beginning of the handler. A message that is `newer` or `same` is handled. For one that is `older` the
 * handler decides: an update of a record is left out, since the record has a newer state.
 *
 * The check and the handler's work are two steps. If two messages of a key are handled at the same time, the older one
 * can pass the check first and write last. Where that can be, also store the position with what you write, and write
 * only if it is larger.
 *
 * @param scope - the name of the handler in a store that it shares with other handlers, as for `createReceiver`
 * @throws RangeError if `scope` is not 1 to 256 visible ASCII characters
 * @returns a function that throws RangeError if the position is not a whole number of 0 or more, or if the key is not a
 * text or is empty. It then stores nothing. It also throws what the store throws
 * @example
 * const checkOrder = createOrderCheck(memoryOrderStore());
 * const { id, version } = message.json<{ id: string; version: number }>();
 * if ((await checkOrder(id, version)) === 'older') return;
 */
export function createOrderCheck(store: OrderStore, { scope }: { readonly scope?: string } = {}): CheckOrder {
  requireScope(scope);
  return (key, position) => {
    requireKey(key);
    return store.advance(inScope(scope, key), toSortedText(position));
  };
}

/** Keys and positions come from a payload, so they can be of any type. */
const typeOf = (value: unknown): string => (value === null ? 'null' : typeof value);

function requireKey(key: unknown): void {
  if (typeof key !== 'string') throw new RangeError(`The key must be a text. Its type is ${typeOf(key)}.`);
  if (key === '') throw new RangeError('The key is empty.');
}

const maxDigits = 99;

/** The digits behind their count, so that texts compare as numbers do. */
function toSortedText(position: Position): string {
  if (typeof position !== 'number' && typeof position !== 'bigint')
    throw new RangeError(`The position must be of type number or bigint. Its type is ${typeOf(position)}.`);
  if (typeof position === 'number' && !Number.isSafeInteger(position))
    throw new RangeError(
      `The position ${position} is not a whole number up to 2^53. Larger ones can be of type bigint.`,
    );
  const digits = String(position);
  if (position < 0 || digits.length > maxDigits)
    throw new RangeError(`A position is not negative, and has at most ${maxDigits} digits.`);
  return String(digits.length).padStart(2, '0') + digits;
}
