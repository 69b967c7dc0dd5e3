import { hash } from 'node:crypto';

/** How long a verified token is not verified again. */
const rememberedMs = 10_000;
const maxTokens = 1_000;

export interface VerifiedToken<Caller> {
  readonly caller: Caller;
  /** Seconds since 1970; `undefined` if the token does not expire. */
  readonly exp: number | undefined;
}

/** Tokens that were verified a short time ago. Refusals are not remembered. */
export interface VerifiedTokens<Caller> {
  find(token: string, now: Date): Caller | undefined;
  keep(token: string, verified: VerifiedToken<Caller>, now: Date): void;
}

/**
 * Remembers tokens by their digest, so that no token stays in memory. A token is forgotten after ten seconds or when it
 * expires, whichever is first. The oldest one makes room for a new one.
 */
export function createVerifiedTokens<Caller>(maxEntries = maxTokens): VerifiedTokens<Caller> {
  const entries = new Map<string, { readonly caller: Caller; readonly from: number; readonly until: number }>();
  return {
    find: (token, now) => {
      const entry = entries.get(digestOf(token));
      const time = now.getTime();
      return entry && entry.from <= time && time < entry.until ? entry.caller : undefined;
    },
    keep: (token, { caller, exp = Number.POSITIVE_INFINITY }, now) => {
      const from = now.getTime();
      const until = Math.min(from + rememberedMs, exp * 1000);
      if (until <= from) return;
      const digest = digestOf(token);
      entries.delete(digest);
      entries.set(digest, { caller, from, until });
      const [oldest] = entries.keys();
      if (entries.size > maxEntries && oldest !== undefined) entries.delete(oldest);
    },
  };
}

const digestOf = (token: string): string => hash('sha256', token, 'base64');
