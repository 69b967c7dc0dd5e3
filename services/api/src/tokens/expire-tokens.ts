import type { ApplicationTokenExpireIn } from '@posthorn/contracts/api/authentication';
import {
  DomainError,
  type ExpiryMark,
  type ExpiryMarks,
  type ExpiryOrder,
  maxWaitingMarks,
  type TokenRepository,
  withMark,
} from '@posthorn/core';
import { idempotencyMs } from '@posthorn/intake';
import { nameFrom, type RequestOrigin } from '../idempotency/request-origin.ts';
import { type UpdateWithRetryDeps, updateWithRetry } from '../storing/update-with-retry.ts';

export interface ExpireTokensDeps extends UpdateWithRetryDeps {
  readonly tokens: Pick<TokenRepository, 'findMarks' | 'updateMarks'>;
}

interface ExpireRequest {
  readonly applicationId: string;
  readonly input: ApplicationTokenExpireIn;
  readonly origin: RequestOrigin;
  readonly now: Date;
}

/** How many orders a row remembers at most. */
const maxOrders = 20;

/**
 * Expires the tokens that an application has now, or those of some of its sessions. Each order begins a new generation of
 * tokens, which it does not concern. The same request is one order, however often it is taken up again: what an earlier try
 * has not done is done as of the time of that try.
 *
 * @throws DomainError `limit_reached` if too many orders wait for their time
 */
export const createTokenExpirer =
  (deps: ExpireTokensDeps) =>
  async ({ applicationId, input, origin, now }: ExpireRequest): Promise<void> => {
    const name = nameFrom(origin, 'expiry');
    const sessionIds = new Set(input.sessionIds ?? []);
    const toMark = ({ generation, orderedAt }: ExpiryOrder): ExpiryMark => ({
      generation,
      issuedUntil: orderedAt,
      expiresAt: new Date(orderedAt.getTime() + (input.expiry ?? 0) * 1_000),
    });
    const change = (sessionId: string | undefined, next: (current: ExpiryMarks) => ExpiryMarks) =>
      updateWithRetry(deps, {
        read: () => deps.tokens.findMarks(applicationId, sessionId),
        change: (current) => (findOrder(current, name) ? current : next(current)),
        write: (marks, current) => deps.tokens.updateMarks({ applicationId, sessionId }, marks, current),
      });
    const ofApplication = await change(undefined, (current) => {
      const order = { name, generation: current.generation + 1, orderedAt: now };
      const next = remembering(current, order, now);
      return sessionIds.size > 0 ? next : marked(next, toMark(order), now);
    });
    const order = findOrder(ofApplication, name);
    if (order === undefined) throw new Error('the order to expire tokens is not stored');
    for (const sessionId of sessionIds)
      await change(sessionId, (current) => marked(remembering(current, order, now), toMark(order), now));
  };

const findOrder = ({ orders = [] }: ExpiryMarks, name: string): ExpiryOrder | undefined =>
  orders.find((order) => order.name === name);

/** Orders are remembered as long as their requests can be repeated. */
const remembering = (current: ExpiryMarks, order: ExpiryOrder, now: Date): ExpiryMarks => ({
  ...current,
  generation: Math.max(current.generation, order.generation),
  orders: [...(current.orders ?? []), order]
    .filter(({ orderedAt }) => now.getTime() - orderedAt.getTime() < idempotencyMs)
    .slice(-maxOrders),
});

function marked(current: ExpiryMarks, mark: ExpiryMark, now: Date): ExpiryMarks {
  const marks = withMark(current.marks, mark, now);
  if (marks.filter(({ expiresAt }) => expiresAt > now).length > maxWaitingMarks)
    throw new DomainError(
      'limit_reached',
      `At most ${maxWaitingMarks} orders to expire tokens can wait for their time`,
    );
  return { ...current, marks };
}
