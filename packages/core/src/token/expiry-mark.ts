import type { TokenFacts } from './token.ts';

/** An order to expire all tokens that were issued before it. */
export interface ExpiryMark {
  /** Tokens of earlier generations are meant. */
  readonly generation: number;
  /** Tokens without a generation are meant if they were issued up to then. */
  readonly issuedUntil: Date;
  /** When the tokens expire. */
  readonly expiresAt: Date;
}

/** An order that was carried out, as long as its request can be repeated. */
export interface ExpiryOrder {
  /** Names the request. */
  readonly name: string;
  /** The generation of tokens that it began. */
  readonly generation: number;
  readonly orderedAt: Date;
}

/** How many orders can wait for their time. */
export const maxWaitingMarks = 20;

/** Whether a token is expired by one of the marks of its application or session. */
export const isExpiredBy = (
  marks: readonly ExpiryMark[],
  token: Pick<TokenFacts, 'generation' | 'issuedAt'>,
  now: Date,
): boolean => marks.some((mark) => mark.expiresAt <= now && isMeant(mark, token));

/** When a token ends: by itself, or by the first order that means it. */
export function endOf({ expiresAt, ...token }: EndingToken, marks: readonly ExpiryMark[]): Date {
  const ends = [expiresAt, ...marks.filter((mark) => isMeant(mark, token)).map((mark) => mark.expiresAt)];
  return new Date(Math.min(...ends.map((end) => end.getTime())));
}

interface EndingToken extends Pick<TokenFacts, 'generation' | 'issuedAt'> {
  readonly expiresAt: Date;
}

/**
 * Generations are exact, whatever the clocks of those who issue tokens say. A token that was signed elsewhere has none: its
 * own time counts, and it is meant if it has no time.
 */
const isMeant = (mark: ExpiryMark, { generation, issuedAt }: Pick<TokenFacts, 'generation' | 'issuedAt'>): boolean =>
  generation === undefined ? issuedAt === undefined || issuedAt <= mark.issuedUntil : generation < mark.generation;

/**
 * The marks after another order, by their generation. Orders that a later one includes are left out. The order can be older
 * than some of the marks: its request was repeated after another one.
 */
export function withMark(marks: readonly ExpiryMark[], mark: ExpiryMark, now: Date): readonly ExpiryMark[] {
  const earlier = marks.filter(({ generation }) => generation <= mark.generation);
  // Another clock may have been ahead.
  const issuedUntil = new Date(Math.max(...[...earlier, mark].map((one) => one.issuedUntil.getTime())));
  const all = [...marks, { ...mark, issuedUntil }].toSorted((one, other) => one.generation - other.generation);
  return all.filter((one, index) => !all.slice(index + 1).some((later) => includes(later, one, now)));
}

/** Whether a mark expires every token that an earlier one does, and no later. */
const includes = (later: ExpiryMark, earlier: ExpiryMark, now: Date): boolean =>
  later.issuedUntil >= earlier.issuedUntil && (later.expiresAt <= earlier.expiresAt || later.expiresAt <= now);
