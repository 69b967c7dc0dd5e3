/** How an endpoint's owner has its messages changed before they are sent. */
export interface Transformation {
  /** JSON of `TransformationContent`, sealed: variables can be credentials. Absent if there is no code. */
  readonly sealedContent?: string;
  /** Without code, nothing is changed. */
  readonly enabled: boolean;
  readonly updatedAt: Date;
}

/** What a tenant gives. */
export interface TransformationContent {
  /** JavaScript with a function `handler(webhook)` that returns the changed webhook. */
  readonly code: string;
  /** Texts that the code has as `variables`. */
  readonly variables: Readonly<Record<string, string>>;
}

/** The longest code, in bytes of UTF-8. It is read with its endpoint for each attempt. */
export const maxCodeBytes = 51_200;

/** The longest names and values of all variables together, in bytes. */
export const maxVariablesBytes = 16_384;

/** The request that an endpoint would get. */
export interface Webhook {
  readonly method: string;
  readonly url: string;
  /** JSON. */
  readonly body: string;
  readonly eventType: string;
  /** The headers that the endpoint's owner has set. Signatures are added afterwards. */
  readonly headers: Readonly<Record<string, string>>;
}

/** A webhook, and the code that changes it. */
export interface TransformRequest extends TransformationContent {
  /** Whose share of the threads it uses. */
  readonly organisationId: string;
  readonly applicationId: string;
  readonly webhook: Webhook;
}

/**
 * What became of a webhook. `changed` has what the endpoint gets: the `body` is the given one, byte for byte, if the code
 * has left the payload as it was. `failed` has a reason that is meant for the owner of the code.
 */
export type Transformed =
  | ({ readonly kind: 'changed' } & Omit<Webhook, 'eventType'>)
  | { readonly kind: 'canceled' }
  | { readonly kind: 'failed'; readonly reason: string };

/** The longest time that an attempt spends with a transformation: it waits for its turn and for a thread, and runs. */
export const transformPatienceMs = 7_000;

/**
 * Changes a webhook by a tenant's code. What the code does wrong is returned, never thrown.
 *
 * @throws BusyError if it does not get its turn, or the machine is too busy
 */
export type Transform = (request: TransformRequest) => Promise<Transformed>;
