import * as fc from 'fast-check';
import type { PolledMessage } from '../messages/read-poll-answer.ts';
import type { ListenEvent } from '../output/listen-event.ts';
import type { Position } from '../position/position.ts';
import { createPause } from './pause.ts';
import { createSession } from './run-session.ts';

const aMessage = (id: string): PolledMessage => ({
  ...{ id, eventType: 'a', channels: [], contentType: 'application/json', body: '{}' },
  acceptedAt: new Date(1_000),
});
const anEvent = (id: string): ListenEvent => ({ id, type: 'a', status: 200, ms: 1, error: null });

/** What a session does with a log, if it is stopped after so many messages were sent. */
async function runUntil(
  log: readonly string[],
  start: Position,
  { pageLength, sends, breaks = false }: { pageLength: number; sends: number; breaks?: boolean },
) {
  const stopping = new AbortController();
  const [sent, kept]: [string[], Position[]] = [[], [start]];
  const session = createSession({
    readPage: async ({ iterator = '0' }) => {
      const from = Number(iterator);
      const ids = log.slice(from, from + pageLength);
      if (ids.length === 0) stopping.abort();
      return { messages: ids.map(aMessage), iterator: String(from + ids.length), done: false, pollAfterMs: 0 };
    },
    isWanted: async () => true,
    handOver: async ({ id }) => {
      sent.push(id);
      if (sent.length >= sends) stopping.abort();
      // The last one is sent, and its answer is not seen.
      return breaks && sent.length >= sends ? undefined : anEvent(id);
    },
    leaveOut: () => undefined,
    keepPosition: (position) => void kept.push(position),
    report: async () => undefined,
    pause: createPause(),
  });
  const end = await session.run(start, { stop: stopping.signal, stopNow: stopping.signal });
  expect(end).toEqual(kept.at(-1));
  return { sent, end };
}

const start: Position = { sink: 'sink', handedOver: [] };

describe('a session', () => {
  it('sends each message once and in order, however often it is stopped and started again', async () => {
    const cases = {
      length: fc.nat(12),
      pageLength: fc.integer({ min: 1, max: 5 }),
      stops: fc.array(fc.integer({ min: 1, max: 4 })),
    };
    await fc.assert(
      fc.asyncProperty(fc.record(cases), async ({ length, pageLength, stops }) => {
        const log = Array.from({ length }, (_, n) => `msg_${n}`);
        const all: string[] = [];
        let position = start;
        for (const sends of [...stops, 100]) {
          const { sent, end } = await runUntil(log, position, { pageLength, sends });
          all.push(...sent);
          position = end;
        }
        expect(all).toEqual(log);
      }),
    );
  });

  it('ends once the answer to a message that is sent again was reported', async () => {
    const stopping = new AbortController();
    const answer = Promise.withResolvers<void>();
    const told: string[] = [];
    let sends = 0;
    const signals = { stop: stopping.signal, stopNow: new AbortController().signal };
    const session = createSession({
      readPage: async () => {
        if (sends === 1) {
          void session.resend(signals).then(() => told.push('sent again'));
          stopping.abort();
          setImmediate(answer.resolve);
          return undefined;
        }
        return { messages: [aMessage('msg_1')], iterator: '1', done: false, pollAfterMs: 0 };
      },
      isWanted: async () => true,
      handOver: async ({ id }) => {
        sends += 1;
        if (sends === 2) await answer.promise;
        return anEvent(id);
      },
      leaveOut: () => undefined,
      keepPosition: () => undefined,
      report: async ({ resent = false }) => void told.push(`reported, again: ${resent}`),
      pause: createPause(),
    });
    await session.run(start, signals);
    expect(told.slice(0, 2)).toEqual(['reported, again: false', 'reported, again: true']);
  });

  it('sends a message again whose answer it has not seen', async () => {
    const log = ['msg_1', 'msg_2', 'msg_3'];
    const { sent, end } = await runUntil(log, start, { pageLength: 3, sends: 2, breaks: true });
    expect(sent).toEqual(['msg_1', 'msg_2']);
    expect((await runUntil(log, end, { pageLength: 3, sends: 100 })).sent).toEqual(['msg_2', 'msg_3']);
  });

  it('sends a message once that is in the log twice', async () => {
    const { sent } = await runUntil(['msg_1', 'msg_2', 'msg_1'], start, { pageLength: 2, sends: 100 });
    expect(sent).toEqual(['msg_1', 'msg_2']);
  });
});
