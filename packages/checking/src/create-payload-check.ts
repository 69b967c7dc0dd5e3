import { hash } from 'node:crypto';
import { PassingError } from '@posthorn/core';
import { createThread, type SharedThreadLimits, type StartThread, shareThreads } from '@posthorn/threads';
import type { CheckResult } from './check-payload.ts';
import { threadLimits } from './limits.ts';
import type { ThreadRequest, ThreadResult } from './serve-thread.ts';
import { createWaitingRoom } from './waiting-room.ts';

/** One more than an organisation can have. */
const threadCount = 2;

/** JSON Schemas by version. */
export interface KeyedSchemas {
  /** The digest of the text: a thread knows the schemas by it. */
  readonly key: string;
  /** As JSON. */
  readonly text: string;
}

/** @param text - JSON Schemas by version, as JSON */
export const toKeyedSchemas = (text: string): KeyedSchemas => ({ key: hash('sha256', text, 'base64url'), text });

export interface PayloadToCheck {
  /** Has one check at a time. */
  readonly organisationId: string;
  /** The application, by any name. Those of an organisation take turns. */
  readonly application: string;
  readonly schemas: KeyedSchemas;
  /** Any text. Absent: only whether the schema can be used. */
  readonly payload?: string;
}

/**
 * Compares a payload with the newest of some schemas.
 *
 * @throws PassingError if the check was not done: it has waited for too long, or a thread did not end
 */
export type CheckPayloads = (check: PayloadToCheck) => Promise<CheckResult>;

export interface PayloadCheckOptions {
  readonly limits?: SharedThreadLimits;
  /** Milliseconds. */
  readonly now?: (() => number) | undefined;
}

/** Checks payloads on threads, which are started when the first one is to be checked. */
export function createPayloadCheck(
  startThread: StartThread,
  { limits = threadLimits, now }: PayloadCheckOptions = {},
): CheckPayloads {
  const threads = Array.from({ length: threadCount }, () =>
    createThread<ThreadRequest, ThreadResult>({ ...limits, startThread }),
  );
  const run = shareThreads({ threads, oneRunOf: 'owner', longestWaitMs: limits.longestWaitMs, now });
  const inRoom = createWaitingRoom();
  return async ({ organisationId, application, schemas: { key, text }, payload }) => {
    const runOne = () =>
      run({ owner: organisationId, tenant: application }, async (thread) => {
        const first = await thread.run({ key, payload });
        const isUnknown = first.kind === 'done' && first.answer.kind === 'unknown-schema';
        const second = isUnknown ? await thread.run({ key, payload, schemas: text }) : first;
        // Other schemas may have taken the memory. A new thread has none.
        return second.kind === 'out-of-memory' ? thread.run({ key, payload, schemas: text }) : second;
      });
    const result = await inRoom(organisationId, payload ?? '', runOne);
    switch (result.kind) {
      case 'done':
        if (result.answer.kind === 'unknown-schema') throw new Error('a thread did not take a schema');
        if (result.answer.kind === 'failed')
          throw new PassingError('a payload could not be compared with its schema', { cause: result.answer.error });
        return result.answer;
      case 'out-of-memory':
        return payload === undefined ? unusable : tooLarge;
      // The steps of a check end it long before, so nothing is known about the payload.
      case 'stuck':
        throw new PassingError('a payload was not compared with its schema in time');
    }
  };
}

const unusable: CheckResult = { kind: 'uncheckable', reason: 'it needs too much memory' };
const tooLarge: CheckResult = {
  kind: 'misfits',
  mismatches: [{ path: [], message: 'needs too much memory to be compared with the schema of the event type' }],
};
