/** A name that one message holds: an idempotency key of a caller, or an eventId of an application. */
export interface MessageClaim {
  /** The name, unique over all organisations. */
  readonly key: string;
  readonly messageId: string;
  readonly claimedAt: Date;
  readonly expiresAt: Date;
}

/** A request with an idempotency key that has begun. Its `lockedUntil` identifies it among requests with the same key. */
export interface BegunRequest {
  readonly key: string;
  /** Until then no other request under the key begins. */
  readonly lockedUntil: Date;
}

/** What the ids of the things that a request creates are derived from: its time, and random text. */
export interface RequestSeed {
  readonly at: Date;
  readonly text: string;
}

/** A request that begins. */
export interface BeginningRequest extends BegunRequest {
  /** Its time is now. */
  readonly seed: RequestSeed;
  /** Until then, the next request under the key takes this one up again if it ends without an answer. */
  readonly keptUntil: Date;
}

/**
 * How a request begins. `resumes`: the seed of the first of the requests that ended without an answer. This one takes them up
 * again, because one of them may have done its work.
 */
export type RequestBeginning =
  | { readonly kind: 'begun'; readonly resumes?: RequestSeed }
  | { readonly kind: 'in_progress' }
  | { readonly kind: 'answered'; readonly answer: FoundAnswer };

/** The answer of a request, for repetitions of it under the same idempotency key. */
export interface StoredAnswer {
  readonly status: number;
  readonly body: string;
}

/** An answer as it was found. Its `until` identifies it among answers with the same key. */
export interface FoundAnswer extends StoredAnswer {
  readonly until: Date;
}

/** Which message or request holds a name. All writes are conditional: one of several concurrent writes wins. */
export interface ClaimRepository {
  /**
   * Claims a name for a message, or returns the claim that holds it. An expired claim is taken over. Repeating a claim
   * for the same message is `claimed`.
   */
  claim(
    claim: MessageClaim,
  ): Promise<{ readonly kind: 'claimed' } | { readonly kind: 'held'; readonly by: MessageClaim }>;
  /**
   * Takes a name over from a request that died before it stored its message. `lost`: another request was faster.
   * Repeating it for the same message is `claimed`.
   */
  takeOver(claim: MessageClaim, from: MessageClaim): Promise<'claimed' | 'lost'>;
  /** The claim of a name, unless it has expired. */
  find(key: string, now: Date): Promise<MessageClaim | undefined>;
  /**
   * Begins a request with an idempotency key. `in_progress`: another request is running; `answered`: another request
   * has been answered.
   */
  begin(request: BeginningRequest): Promise<RequestBeginning>;
  /** Begins a request in place of an answer that no longer holds. `lost`: another request was faster. */
  beginInstead(request: BeginningRequest, of: FoundAnswer): Promise<'begun' | 'lost'>;
  /** Stores the answer of a request, unless another request has begun or been answered since its lock ended. */
  finish(request: BegunRequest, answer: StoredAnswer, expiresAt: Date): Promise<void>;
  /**
   * Ends a request without an answer, so that the next one may begin, and takes it up again. Does nothing if another one
   * has begun since.
   */
  release(request: BegunRequest): Promise<void>;
  /**
   * Ends a request that has done nothing, so that the next one begins anew, with a seed of its own. Does nothing if this one
   * has taken up an earlier one, or if another one has begun since.
   */
  forget(request: BeginningRequest): Promise<void>;
}
