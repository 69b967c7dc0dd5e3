import { attemptFactsOf, type FactAttempt, mayHaveFacts } from './attempt-facts.ts';
import type { NextStep } from './next-step.ts';

const attemptedAt = new Date('2026-01-01T00:00:00Z');
const retry: NextStep = { kind: 'retry', at: attemptedAt };
const exhausted: NextStep = { kind: 'exhausted' };
const done: NextStep = { kind: 'done' };

const anAttempt = (overrides: Partial<FactAttempt>): FactAttempt => ({
  organisationId: 'org_1',
  applicationId: 'app_1',
  messageId: 'msg_1',
  endpointId: 'ep_1',
  attemptId: 'atmpt_1',
  attemptNumber: 1,
  trigger: 'scheduled',
  status: 'failed',
  responseStatusCode: 500,
  attemptedAt,
  next: retry,
  ...overrides,
});
/** Each attempt of a delivery with its facts. */
const kindsOf = (attempts: readonly (readonly [FactAttempt['status'], NextStep])[]) =>
  attempts.map(([status, next], index) =>
    attemptFactsOf(anAttempt({ attemptNumber: index + 1, status, next })).map(({ kind }) => kind),
  );

describe('the facts in an attempt', () => {
  it('have the ids, the event id and the attempt', () => {
    expect(attemptFactsOf(anAttempt({ attemptNumber: 4, eventId: 'order-1' }))).toEqual([
      {
        kind: 'failing',
        organisationId: 'org_1',
        applicationId: 'app_1',
        messageId: 'msg_1',
        endpointId: 'ep_1',
        eventId: 'order-1',
        lastAttempt: { attemptId: 'atmpt_1', attemptNumber: 4, responseStatusCode: 500, attemptedAt },
      },
    ]);
  });

  it('tell a failing delivery once, and its end', () => {
    const failed = ['failed', retry] as const;
    expect(kindsOf([failed, failed, failed, failed, failed, ['failed', exhausted]])).toEqual([
      [],
      [],
      [],
      ['failing'],
      [],
      ['exhausted'],
    ]);
    expect(kindsOf([failed, failed, failed, ['failed', exhausted]]).at(-1)).toEqual(['failing', 'exhausted']);
  });

  it('tell a recovery after four failures, and not after fewer', () => {
    const failed = ['failed', retry] as const;
    expect(kindsOf([failed, failed, failed, failed, ['succeeded', done]]).at(-1)).toEqual(['recovered']);
    expect(kindsOf([failed, failed, failed, ['succeeded', done]]).at(-1)).toEqual([]);
    expect(kindsOf([['succeeded', done]])).toEqual([[]]);
    const canceledByCode = anAttempt({ attemptNumber: 5, status: 'succeeded', next: done, responseStatusCode: 0 });
    expect(attemptFactsOf(canceledByCode)).toEqual([]);
  });

  it.each<FactAttempt['next']>([{ kind: 'aborted' }, { kind: 'gone' }])(
    'are none for an end that the endpoint asked for: %j',
    (next) => {
      expect(attemptFactsOf(anAttempt({ next }))).toEqual([]);
    },
  );

  it('are none for manual attempts', () => {
    expect(attemptFactsOf(anAttempt({ trigger: 'manual', next: done }))).toEqual([]);
  });

  it('are none for attempts that need not be read', () => {
    expect(mayHaveFacts({ attemptNumber: 1, status: 'succeeded' })).toBe(false);
    expect(mayHaveFacts({ attemptNumber: 4, status: 'succeeded' })).toBe(false);
    expect(mayHaveFacts({ attemptNumber: 5, status: 'succeeded' })).toBe(true);
    expect(mayHaveFacts({ attemptNumber: 1, status: 'failed' })).toBe(true);
  });
});
