/** What a store knows of an id when someone wants to run its handler. */
export type Claim =
  | { readonly kind: 'claimed' }
  | { readonly kind: 'done' }
  | { readonly kind: 'in_progress'; readonly leaseEndsInMs: number };

/**
 * Remembers which messages were handled. Each of its functions is one atomic step, and throws if the outcome is unknown.
 * `@posthorn/receiver/store-contract` tests a store of your own.
 *
 * Ids of a receiver without a scope are those of the messages: 1 to 256 visible ASCII characters. With a scope, they
 * are `@`, the scope, a space and the id of the message, such as `@shipping msg_1`: up to 514 ASCII characters. Without
 * a scope, an id that begins with `@` gets `@` and a space before it. Two ids are the same only if all their characters
 * are, and `a` is not `A`.
 */
export interface OnceStore {
  /**
   * Takes an id for `leaseMs`, if it is neither done nor taken by another owner whose lease goes on. The owner that has
   * it gets a new lease.
   *
   * @param owner - differs for each run
   */
  claim(id: string, claim: { readonly leaseMs: number; readonly owner: string }): Promise<Claim>;
  /**
   * Notes that the id is done, also after the end of the lease if no one else has taken the id. Repeated by the same
   * owner, it returns true again.
   *
   * @returns whether the id was this owner's
   */
  complete(id: string, owner: string): Promise<boolean>;
  /** Gives the id back, so that it can be claimed at once. Does nothing if it is done, or another owner's. */
  release(id: string, owner: string): Promise<void>;
}

/** The store did not answer, or refused. Whether its last step was done is unknown. */
export class StoreError extends Error {
  constructor(step: keyof OnceStore, options: ErrorOptions) {
    super(`The store of handled messages has failed (${step}).`, options);
    this.name = 'StoreError';
  }
}

/** A handler has run for longer than its lease, and another run has its message. */
export class LeaseLostError extends Error {
  constructor(id: string) {
    super(`The handler has lost its lease, and may have run beside another run of the same message: ${id}`);
    this.name = 'LeaseLostError';
  }
}
