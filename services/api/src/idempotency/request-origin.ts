import { hash } from 'node:crypto';
import { createId, createMessageId, type IdKind, idEntropyBytes } from '@posthorn/core';
import type { RandomBytes } from '../storing/random-bytes.ts';
import type { BegunOnce } from './idempotently.ts';

/**
 * Where the ids of what a POST creates come from. If a request ends without an answer, the next one under its idempotency
 * key has the same origin: it finds what the first one has created, and creates nothing twice.
 */
export interface RequestOrigin {
  /** When the request began; the first one, if it is taken up again. */
  readonly at: Date;
  /** Whether an earlier request may have done the work already. */
  readonly isResumed: boolean;
  /** 15 bytes for the id of the thing of a kind that the request creates, or for the name of what it does. */
  readonly entropyFor: (purpose: IdKind | NamedAct) => Uint8Array;
}

/** What a request does that has no id: it rotates a secret, creates an event type, or expires tokens. */
type NamedAct = 'rotation' | 'creation' | 'expiry';

/** Of a request that is never done again: one without an idempotency key. */
export const freshOrigin = (at: Date, randomBytes: RandomBytes): RequestOrigin => ({
  at,
  isResumed: false,
  entropyFor: () => randomBytes(idEntropyBytes),
});

/** Of a request under an idempotency key: the same for the same seed. */
export const claimedOrigin = ({ at, text, isResumed }: BegunOnce): RequestOrigin => ({
  at,
  isResumed,
  entropyFor: (purpose) => hash('sha256', JSON.stringify([text, purpose]), 'buffer').subarray(0, idEntropyBytes),
});

type IdSource = Pick<RequestOrigin, 'at' | 'entropyFor'>;

/** The id of the thing of a kind that the request creates. */
export const idFrom = ({ at, entropyFor }: IdSource, kind: Exclude<IdKind, 'message'>): string =>
  createId(kind, at, entropyFor(kind));

/** The id of the message that the request creates. Its placement must not change, so it is always a sharded one. */
export const messageIdFrom = ({ at, entropyFor }: IdSource): string =>
  createMessageId(at, entropyFor('message'), 'sharded');

/** Names what the request does. The name is stored with what was done, so that it is not done again. */
export const nameFrom = ({ entropyFor }: Pick<RequestOrigin, 'entropyFor'>, act: NamedAct): string =>
  Buffer.from(entropyFor(act)).toString('base64url');
