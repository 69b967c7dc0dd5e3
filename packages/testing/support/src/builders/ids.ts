import { createHash } from 'node:crypto';
import { createId, createMessageId, type IdKind, idEntropyBytes, type MessagePlacement } from '@posthorn/core';

/** The creation time of everything that the builders create. */
export const startOfTests = new Date('2026-01-01T00:00:00.000Z');

/** A moment some seconds after `startOfTests`. */
export const secondsLater = (seconds: number): Date => new Date(startOfTests.getTime() + seconds * 1000);

const entropyOf = (text: string): Uint8Array => createHash('sha256').update(text).digest().subarray(0, idEntropyBytes);

/** Ids that were made before: a simulation asks for the same ones some hundred thousand times. */
const known = new Map<string, string>();

function remembered(name: string, make: () => string): string {
  const id = known.get(name) ?? make();
  known.set(name, id);
  return id;
}

/**
 * The nth id of a kind. It is always the same, with the time `n` seconds after `startOfTests`, so that ids sort by
 * their number. Message ids have sharded placement.
 */
export const nthId = (kind: IdKind, n: number): string =>
  kind === 'message'
    ? nthMessageId(n, 'sharded')
    : remembered(`${kind} ${n}`, () => createId(kind, secondsLater(n), entropyOf(`${kind} ${n}`)));

/** Like `nthId`, with this placement. */
export const nthMessageId = (n: number, placement: MessagePlacement): string =>
  remembered(`${placement} ${n}`, () => createMessageId(secondsLater(n), entropyOf(`message ${n}`), placement));

/** The ids that the builders use by default. */
export const ids = {
  organisation: nthId('organisation', 0),
  application: nthId('application', 0),
  endpoint: nthId('endpoint', 0),
  message: nthId('message', 0),
  attempt: nthId('attempt', 0),
  task: nthId('task', 0),
  integration: nthId('integration', 0),
  token: nthId('token', 0),
} as const satisfies Record<IdKind, string>;
