import type { LogEntry, Message } from '@posthorn/core';
import { createLogNotices } from '@posthorn/core/poller/log-notices';
import { aMessage, anApplication, ids, nthId, nthMessageId, secondsLater } from '@posthorn/testing';
import { aRequest, bodyOf } from '../fixtures/a-request.ts';
import { anApi } from '../fixtures/an-api.ts';
import { answerEarlyMs, pollerTimeoutSeconds } from '../time-limits.ts';
import { holdReserveMs, maxFruitlessLooks } from './hold-poll.ts';
import { holdLimits } from './hold-shares.ts';
import { createPollerApi } from './poller-api.ts';

const base = `/api/v1/app/${ids.application}/poller`;
const foreign = { organisationId: nthId('organisation', 1), applicationId: nthId('application', 1) };
const idOf = (n: number) => nthMessageId(n, 'ordered');

interface PollParts {
  readonly search?: string;
  readonly below?: string;
  readonly token?: string;
  /** How long the function has run already. */
  readonly usedMs?: number;
}

/**
 * An application whose polls can be held, in the process that writes its log. `reads` counts how often the log was read.
 * `afterRead` does something while the nth read is under way: what it reads is not in its page. `beforeRead` does something
 * before each read. `setClock` sets the clock of the function, so many seconds further.
 */
async function aHoldingApi() {
  const logNotices = createLogNotices();
  const ends = new Map<string, AbortController>();
  const endOfRequest = (requestId: string) => (ends.get(requestId) ?? new AbortController()).signal;
  const holding = { logNotices, endOfRequest };
  const api = anApi(secondsLater(60), { holding });
  await api.applications.insert(anApplication({ uid: 'toys' }));
  await api.applications.insert(anApplication({ ...foreign, uid: 'toys' }));
  const afterRead = new Map<number, () => unknown>();
  const slowRead = { before: async (): Promise<unknown> => undefined };
  let reads = 0;
  let clockMs = 0;
  const messageLog: typeof api.messageLog = {
    ...api.messageLog,
    read: async (...slice) => {
      await slowRead.before();
      const page = await api.messageLog.read(...slice);
      reads += 1;
      await afterRead.get(reads)?.();
      return page;
    },
  };
  const handle = createPollerApi({ ...api, clock: () => new Date(api.clock().getTime() + clockMs), messageLog });
  let sequence = 0;
  const write = async (applicationId: string, ...stored: readonly Message[]) => {
    for (const message of stored) await api.messages.insert(message);
    const entries = stored.map(({ messageId }): LogEntry => {
      sequence += 1;
      return { sequence: String(sequence), messageId };
    });
    await api.messageLog.append(applicationId, {
      entries,
      committedAt: api.clock(),
      expiresAt: secondsLater(7_776_000),
    });
    logNotices.tell(applicationId);
  };
  const commit = (n: number, parts: Partial<Message> = {}) =>
    write(ids.application, aMessage({ messageId: idOf(n), ...parts }));
  /** A request whose client can go away. */
  const ask = ({ search = 'wait=25', below = '/orders', token = 'organisation', usedMs = 0 }: PollParts = {}) => {
    const event = aRequest({ path: `${base}${below}`, search, token });
    const [, sink_id = '', , consumer_id] = below.split('/');
    const pathParameters = { app_id: ids.application, sink_id, ...(consumer_id && { consumer_id }) };
    const requestId = `request ${ends.size}`;
    const end = new AbortController();
    ends.set(requestId, end);
    const requestContext = { ...event.requestContext, requestId };
    const endsAt = api.clock().getTime() + pollerTimeoutSeconds * 1_000 - usedMs;
    const context = { ...api.context, getRemainingTimeInMillis: () => endsAt - api.clock().getTime() };
    return { answer: handle({ ...event, requestContext, pathParameters }, context), end };
  };
  const poll = async (parts?: PollParts) => {
    const { statusCode, headers, body } = await ask(parts).answer;
    const { data = [], iterator, done } = bodyOf({ body });
    return {
      statusCode,
      afterMs: headers?.['x-poll-after-ms'],
      ids: data.map(({ id }: { id: string }) => id),
      iterator,
      done,
    };
  };
  // The first poll of an application puts its messages in order.
  await poll({ search: '' });
  reads = 0;
  const at = () => (api.clock().getTime() - secondsLater(62).getTime()) / 1_000;
  const setClock = (seconds: number) => {
    clockMs = seconds * 1_000;
  };
  return { ...api, commit, write, ask, poll, afterRead, slowRead, setClock, readCount: () => reads, at, logNotices };
}

/** Lets everything run that does not wait for a time or a message. */
const settled = async () => {
  for (let n = 0; n < 1_000; n += 1) await Promise.resolve();
};

/** Whether a poll is held: it has no answer, although everything has run that can. */
async function isHeld(answer: Promise<unknown>): Promise<boolean> {
  let answered = false;
  void answer.then(() => {
    answered = true;
  });
  await settled();
  return !answered;
}

describe('a poll that may wait', () => {
  it('is answered at once if there is a message', async () => {
    const { poll, commit, at } = await aHoldingApi();
    await commit(1);
    // The next one is held, so it need not come later.
    expect(await poll()).toMatchObject({ ids: [idOf(1)], afterMs: '0' });
    expect(await poll({ search: '' })).toMatchObject({ ids: [idOf(1)], afterMs: '250' });
    expect(at()).toBe(0);
  });

  it('is held for as long as it may wait, reads once, and says to poll again at once', async () => {
    const { poll, readCount, at } = await aHoldingApi();
    const iterator = (await poll({ search: '' })).iterator;
    expect(await poll({ search: `wait=7&iterator=${iterator}` })).toMatchObject({
      statusCode: 200,
      ids: [],
      done: true,
      iterator,
      afterMs: '0',
    });
    expect([at(), readCount()]).toEqual([7, 2]);
  });

  it.each(['/orders', '/orders/consumer/one'])('is answered when a message comes: %s', async (below) => {
    const { poll, commit, afterRead, readCount, at } = await aHoldingApi();
    afterRead.set(1, async () => {
      // It waits by then.
      void settled().then(() => commit(1));
    });
    const page = await poll({ below });
    expect(page).toMatchObject({ ids: [idOf(1)], done: true, afterMs: '0' });
    expect([at(), readCount()]).toEqual([0, 2]);
    await commit(2);
    expect(await poll({ below, search: `wait=25&iterator=${page.iterator}` })).toMatchObject({ ids: [idOf(2)] });
  });

  it('does not miss a message that comes between its read and its wait', async () => {
    const { poll, commit, afterRead, at } = await aHoldingApi();
    afterRead.set(1, () => commit(1));
    expect(await poll()).toMatchObject({ ids: [idOf(1)], afterMs: '0' });
    expect(at()).toBe(0);
  });

  it('is not answered by messages of other applications', async () => {
    const { poll, write, afterRead, readCount, at } = await aHoldingApi();
    afterRead.set(1, () => write(foreign.applicationId, aMessage({ ...foreign, messageId: idOf(1) })));
    expect(await poll()).toMatchObject({ ids: [] });
    expect([at(), readCount()]).toEqual([25, 1]);
  });

  it('goes on waiting if a message is not one that it asks for, and gets past it', async () => {
    const { poll, commit, afterRead, readCount, at } = await aHoldingApi();
    afterRead.set(1, () => commit(1, { eventType: 'usual' }));
    afterRead.set(2, async () => {
      for (let n = 2; n < 30; n += 1) await commit(n, { eventType: 'usual' });
    });
    afterRead.set(3, () => commit(30, { eventType: 'rare' }));
    const page = await poll({ search: 'wait=25&event_type=rare' });
    expect(page).toMatchObject({ ids: [idOf(30)], afterMs: '0' });
    // It looks after 250 ms, and after 500 ms more, however many messages there are.
    expect([at(), readCount()]).toEqual([0.75, 4]);
    await commit(31);
    expect(await poll({ search: `iterator=${page.iterator}` })).toMatchObject({ ids: [idOf(31)] });
  });

  it('looks ever more seldom at a log that grows without a message for it, and is answered after a few looks', async () => {
    const { poll, commit, afterRead, slowRead, readCount, at } = await aHoldingApi();
    const readAt: number[] = [];
    slowRead.before = async () => readAt.push(at());
    for (let n = 1; n < 100; n += 1) afterRead.set(n, () => commit(n, { eventType: 'usual' }));
    const page = await poll({ search: 'wait=25&event_type=rare' });
    expect(page).toMatchObject({ ids: [], done: true, afterMs: '2000' });
    expect(readAt).toEqual([0, 0, 0.25, 0.75, 1.75, 3.75, 5.75, 7.75, 9.75]);
    expect(readCount()).toBe(1 + maxFruitlessLooks);
    // It goes on behind what it has looked at.
    afterRead.clear();
    await commit(100, { eventType: 'rare' });
    expect(await poll({ search: `iterator=${page.iterator}` })).toMatchObject({ ids: [idOf(9), idOf(100)] });
  });

  it('is held no longer than it may wait if the clock is set back', async () => {
    const { poll, afterRead, setClock, at } = await aHoldingApi();
    afterRead.set(1, () => setClock(-3_600));
    expect(await poll({ search: 'wait=7' })).toMatchObject({ ids: [], afterMs: '0' });
    expect(at()).toBe(7);
  });

  it('is answered in time if the function has run for long before', async () => {
    const { poll, at } = await aHoldingApi();
    expect(await poll({ usedMs: 10_000 })).toMatchObject({ statusCode: 200, ids: [], afterMs: '0' });
    expect(at()).toBe(pollerTimeoutSeconds - 10 - holdReserveMs / 1_000);
  });

  it('is answered in time if the store is slow: the next poll has the message', async () => {
    const { poll, commit, afterRead, slowRead, sleep, at } = await aHoldingApi();
    slowRead.before = () => sleep(9_000);
    afterRead.set(1, () => void sleep(15_000).then(() => commit(1)));
    const page = await poll();
    expect(page).toMatchObject({ statusCode: 200, ids: [], afterMs: '2000' });
    expect(at()).toBeGreaterThan(24);
    expect(at()).toBeLessThan(pollerTimeoutSeconds - answerEarlyMs / 1_000);
    expect(await poll({ search: `wait=25&iterator=${page.iterator}` })).toMatchObject({ ids: [idOf(1)] });
  });

  it('goes on behind what it has looked at, also if nothing was found in the end', async () => {
    const { poll, commit, afterRead } = await aHoldingApi();
    afterRead.set(1, () => commit(1, { channels: ['eu'] }));
    const page = await poll({ search: 'wait=3&channel=us' });
    expect(page).toMatchObject({ ids: [], done: true, afterMs: '0' });
    expect(await poll({ search: `iterator=${page.iterator}` })).toMatchObject({ ids: [] });
    expect(await poll({ search: '' })).toMatchObject({ ids: [idOf(1)] });
  });

  it('ends when its client goes, and when the process is to stop: nothing is read then', async () => {
    const { ask, readCount, at } = await aHoldingApi();
    const { answer, end } = ask();
    expect(await isHeld(answer)).toBe(true);
    end.abort();
    const { statusCode, headers } = await answer;
    expect([statusCode, headers?.['x-poll-after-ms']]).toEqual([200, '2000']);
    expect([at(), readCount()]).toEqual([0, 1]);
  });

  it('waits for the first poll of an application no longer than for any other', async () => {
    const { poll, pollStates, applications, clock } = await aHoldingApi();
    await pollStates.keepLog(anApplication(), { until: clock(), isComplete: false });
    await applications.stopOrdering(anApplication({ orderStarts: 1 }));
    const before = clock().getTime();
    // Putting the messages in order takes two seconds.
    expect(await poll({ search: 'wait=5' })).toMatchObject({ afterMs: '0' });
    expect(clock().getTime() - before).toBe(5_000);
    await pollStates.keepLog(anApplication(), { until: clock(), isComplete: false });
    expect(await poll({ search: 'wait=1' })).toMatchObject({ statusCode: 200 });
  });
});

describe('the caller of a held poll', () => {
  it.each([
    [
      'whose token is revoked',
      async ({ tokens }) => tokens.revoke({ tokenId: 'organisation-1' }),
      'organisation-1',
      401,
    ],
    [
      'who has logged out',
      async ({ tokens }) => tokens.logOut(ids.application, { tokenId: ids.application }),
      ids.application,
      401,
    ],
    [
      'whose application is deleted',
      async ({ applications }) => applications.delete(anApplication()),
      ids.application,
      401,
    ],
    [
      'who has deleted the application',
      async ({ applications }) => applications.delete(anApplication()),
      'organisation',
      404,
    ],
  ] satisfies readonly [string, (api: Awaited<ReturnType<typeof aHoldingApi>>) => Promise<unknown>, string, number][])(
    '%s gets no message',
    async (_, end, token, expected) => {
      const api = await aHoldingApi();
      api.afterRead.set(1, async () => {
        await end(api);
        // The list of revoked tokens is known for a few seconds.
        await api.sleep(5_000);
        await api.commit(1);
      });
      expect(await api.poll({ token })).toMatchObject({ statusCode: expected, ids: [] });
    },
  );
});

describe('polls beyond the share of an application', () => {
  it('are answered at once, and can be held again when others have ended', async () => {
    const { ask, poll, commit } = await aHoldingApi();
    const held = Array.from({ length: holdLimits.ofApplication }, (_, n) => ask({ below: `/sink-${n}` }));
    await settled();
    expect(await poll()).toMatchObject({ statusCode: 200, ids: [], afterMs: '2000' });
    held[0]?.end.abort();
    await held[0]?.answer;
    const next = ask();
    await settled();
    await commit(1);
    for (const { answer } of [next, ...held.slice(1)])
      expect(bodyOf(await answer).data).toMatchObject([{ id: idOf(1) }]);
    // All places are free again.
    const again = Array.from({ length: holdLimits.ofApplication }, () => ask({ search: 'wait=25&start=newest' }));
    await settled();
    await commit(2);
    for (const { answer } of again) expect((await answer).headers).toMatchObject({ 'x-poll-after-ms': '0' });
  });

  it('leave places for the organisation if they are polls of the application itself', async () => {
    const { ask, poll } = await aHoldingApi();
    const token = ids.application;
    const own = Array.from({ length: holdLimits.byApplicationToken }, () => ask({ token }));
    for (const { answer } of own) expect(await isHeld(answer)).toBe(true);
    expect(await poll({ token })).toMatchObject({ ids: [], afterMs: '2000' });
    expect(await isHeld(ask().answer)).toBe(true);
  });
});
