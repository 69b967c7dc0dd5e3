import type { Application, MessageClaim } from '@posthorn/core';
import {
  anApplication,
  inMemoryApplications,
  inMemoryClaims,
  inMemoryMessages,
  nthMessageId,
  secondsLater,
  startOfTests,
} from '@posthorn/testing';
import { type AcceptMessageDeps, createMessageAcceptor } from '../accept-message.ts';
import type { MessageTarget } from '../find-target.ts';
import type { NewMessage } from '../new-message.ts';

export const orderLeaseMs = 2_000;

/** Accepting messages on repositories in memory. The application that it gives is stored. */
export async function anIntake(overrides: Partial<AcceptMessageDeps> = {}, application = anApplication()) {
  const applications = inMemoryApplications();
  await applications.insert(application);
  const messages = inMemoryMessages();
  const claims = inMemoryClaims();
  const deps: AcceptMessageDeps = {
    findAccepting: applications.findAccepting,
    claims,
    messages,
    clock: () => startOfTests,
    randomBytes: aSourceOfBytes(),
    retentionMs: 90 * 24 * 3_600_000,
    orderLeaseMs,
    ...overrides,
  };
  return { accept: createMessageAcceptor(deps), applications, messages, claims, deps, target: aTarget(application) };
}

export const aTarget = (application: Application = anApplication(), readAt = startOfTests): MessageTarget => ({
  application,
  readAt,
});

export const aNewMessage = (overrides: Partial<NewMessage> = {}): NewMessage => ({
  eventType: 'invoice.paid',
  body: '{"a":1}',
  contentType: 'application/json',
  channels: [],
  tags: [],
  ...overrides,
});

/** The claim of a request that claimed at the start and did not store its message. */
export const aClaim = (overrides: Partial<MessageClaim> = {}): MessageClaim => ({
  key: 'key',
  messageId: nthMessageId(1, 'sharded'),
  claimedAt: startOfTests,
  expiresAt: secondsLater(12 * 3_600),
  ...overrides,
});

/** The repository, which writes the name of each call into a list. */
function metered<Repository extends object>(name: string, repository: Repository, calls: string[]): Repository {
  const functions = Object.entries(repository).map(([method, call]) => [
    method,
    (...args: unknown[]) => {
      calls.push(`${name}.${method}`);
      return call(...args);
    },
  ]);
  // The same functions under the same names, each behind a note of its call.
  return Object.fromEntries(functions) as Repository;
}

/** An intake, and the calls of its repositories in their order. */
export async function aMeteredIntake(application = anApplication()) {
  const calls: string[] = [];
  const intake = await anIntake(
    {
      ...metered('applications', { findAccepting: async () => application }, calls),
      claims: metered('claims', inMemoryClaims(), calls),
      messages: metered('messages', inMemoryMessages(), calls),
    },
    application,
  );
  return { ...intake, calls };
}

/** Never the same bytes twice, always the same ones in a run. Even, so that placement is seen in the last bit only. */
export function aSourceOfBytes() {
  let count = 0;
  return (length: number): Uint8Array => {
    count += 2;
    return new Uint8Array(length).fill(count);
  };
}
