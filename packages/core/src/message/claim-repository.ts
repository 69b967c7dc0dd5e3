/** A name that one message holds: an idempotency key of a caller, or an eventId of an application. */
export interface MessageClaim {
  /** What is claimed, unique over all organisations. */
  readonly key: string;
  readonly messageId: string;
  readonly claimedAt: Date;
  readonly expiresAt: Date;
}

/** An answer that is given again to whoever repeats the request under the same idempotency key. */
export interface StoredAnswer {
  readonly status: number;
  readonly body: string;
}

/** Who holds what name. Conditional writes: of two that claim at once, one wins. Expired rows are as if not there. */
export interface ClaimRepository {
  /** Takes the name, or answers who holds it. The same message claiming again is `claimed`. */
  claim(
    claim: MessageClaim,
  ): Promise<{ readonly kind: 'claimed' } | { readonly kind: 'held'; readonly by: MessageClaim }>;
  /** Takes over a name from a holder that died before it wrote its message. `lost`: somebody else was faster. */
  takeOver(claim: MessageClaim, from: MessageClaim): Promise<'claimed' | 'lost'>;
  find(key: string, now: Date): Promise<MessageClaim | undefined>;
  /**
   * Begins a request under an idempotency key. `begun`: it is ours until `lockedUntil`; `in_progress`: another one is at
   * it; `answered`: it was done before.
   */
  begin(request: {
    readonly key: string;
    readonly now: Date;
    readonly lockedUntil: Date;
  }): Promise<
    { readonly kind: 'begun' | 'in_progress' } | { readonly kind: 'answered'; readonly answer: StoredAnswer }
  >;
  /** Keeps the answer of a request that was begun. */
  finish(key: string, answer: StoredAnswer, expiresAt: Date): Promise<void>;
  /** Lets go of a request that was begun and did not succeed, so that the next one may try. */
  release(key: string): Promise<void>;
}
