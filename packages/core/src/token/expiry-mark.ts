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

/** How many orders can wait for their time. */
export const maxWaitingMarks = 20;

/** Whether a token is expired by one of the marks of its application or session. */
export const isExpiredBy = (
  marks: readonly ExpiryMark[],
  token: Pick<TokenFacts, 'generation' | 'issuedAt'>,
  now: Date,
): boolean => marks.some((mark) => mark.expiresAt <= now && isMeant(mark, token));

/**
 * Generations are exact, whatever the clocks of those who issue tokens say. A token that was signed elsewhere has none: its
 * own time counts, and it is meant if it has no time.
 */
const isMeant = (mark: ExpiryMark, { generation, issuedAt }: Pick<TokenFacts, 'generation' | 'issuedAt'>): boolean =>
  generation === undefined ? issuedAt === undefined || issuedAt <= mark.issuedUntil : generation < mark.generation;

/**
 * The marks after another order. Earlier orders that it includes are left out.
 *
 * @param marks - of the earlier orders, in their order
 */
export function withMark(marks: readonly ExpiryMark[], mark: ExpiryMark, now: Date): readonly ExpiryMark[] {
  // Another clock may have been ahead.
  const issuedUntil = new Date(Math.max(...[...marks, mark].map((one) => one.issuedUntil.getTime())));
  const next = { ...mark, issuedUntil };
  if (next.expiresAt <= now) return [next];
  const inForce = marks.findLast(({ expiresAt }) => expiresAt <= now);
  const waiting = marks.filter(({ expiresAt }) => expiresAt > now && expiresAt < next.expiresAt);
  return [...(inForce ? [inForce] : []), ...waiting, next];
}
