import type { ApplicationTokenExpireIn } from '@posthorn/contracts/api/authentication';
import {
  DomainError,
  type ExpiryMark,
  type ExpiryMarks,
  maxWaitingMarks,
  type TokenRepository,
  withMark,
} from '@posthorn/core';
import { type UpdateWithRetryDeps, updateWithRetry } from '../storing/update-with-retry.ts';

export interface ExpireTokensDeps extends UpdateWithRetryDeps {
  readonly tokens: Pick<TokenRepository, 'findMarks' | 'updateMarks'>;
}

interface ExpireRequest {
  readonly applicationId: string;
  readonly input: ApplicationTokenExpireIn;
  readonly now: Date;
}

/**
 * Expires the tokens that an application has now, or those of some of its sessions. Each order begins a new generation of
 * tokens, which it does not concern.
 *
 * @throws DomainError `limit_reached` if too many orders wait for their time
 */
export const createTokenExpirer =
  (deps: ExpireTokensDeps) =>
  async ({ applicationId, input, now }: ExpireRequest): Promise<void> => {
    const order = { issuedUntil: now, expiresAt: new Date(now.getTime() + (input.expiry ?? 0) * 1_000) };
    const sessionIds = new Set(input.sessionIds ?? []);
    const change = (sessionId: string | undefined, next: (current: ExpiryMarks) => ExpiryMarks) =>
      updateWithRetry(deps, {
        read: () => deps.tokens.findMarks(applicationId, sessionId),
        change: next,
        write: (marks, current) => deps.tokens.updateMarks({ applicationId, sessionId }, marks, current),
      });
    const { generation } = await change(undefined, (current) => {
      const next = { ...current, generation: current.generation + 1 };
      return sessionIds.size > 0 ? next : marked(next, { ...order, generation: next.generation }, now);
    });
    for (const sessionId of sessionIds)
      await change(sessionId, (current) => marked({ ...current, generation }, { ...order, generation }, now));
  };

function marked(current: ExpiryMarks, mark: ExpiryMark, now: Date): ExpiryMarks {
  const marks = withMark(current.marks, mark, now);
  if (marks.filter(({ expiresAt }) => expiresAt > now).length > maxWaitingMarks)
    throw new DomainError(
      'limit_reached',
      `At most ${maxWaitingMarks} orders to expire tokens can wait for their time`,
    );
  return { ...current, marks };
}
