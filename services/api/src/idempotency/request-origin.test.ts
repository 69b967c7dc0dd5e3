import { isId, placementOfMessageId, timeOfId } from '@posthorn/core';
import { secondsLater, startOfTests } from '@posthorn/testing';
import { claimedOrigin, freshOrigin, idFrom, messageIdFrom } from './request-origin.ts';

const first = { at: startOfTests, text: 'seed', isResumed: false };

describe('the origin of a request under an idempotency key', () => {
  it('gives each kind of thing an id of its own, with the time of the request', () => {
    const origin = claimedOrigin(first);
    const made = [idFrom(origin, 'endpoint'), idFrom(origin, 'attempt'), messageIdFrom(origin)];
    expect([isId('endpoint', made[0] ?? ''), isId('attempt', made[1] ?? ''), isId('message', made[2] ?? '')]).toEqual(
      Array(3).fill(true),
    );
    expect(made.map(timeOfId)).toEqual(Array(3).fill(startOfTests));
    expect(new Set(made.map((id) => id.slice(id.indexOf('_') + 1))).size).toBe(3);
  });

  it('gives the same ids when the request is taken up again', () => {
    const again = claimedOrigin({ ...first, isResumed: true });
    expect(idFrom(again, 'endpoint')).toBe(idFrom(claimedOrigin(first), 'endpoint'));
    expect(messageIdFrom(again)).toBe(messageIdFrom(claimedOrigin(first)));
  });

  it.each([
    ['text', claimedOrigin({ ...first, text: 'other' })],
    ['time', claimedOrigin({ ...first, at: secondsLater(1) })],
  ])('gives other ids for another %s', (_, other) => {
    expect(idFrom(other, 'endpoint')).not.toBe(idFrom(claimedOrigin(first), 'endpoint'));
  });

  it('gives messages a sharded place', () => {
    const placements = Array.from({ length: 20 }, (_, n) =>
      placementOfMessageId(messageIdFrom(claimedOrigin({ ...first, text: `seed ${n}` }))),
    );
    expect(new Set(placements)).toEqual(new Set(['sharded']));
  });
});

it('takes random bytes if there is no key', () => {
  const origin = freshOrigin(startOfTests, (count) => new Uint8Array(count).fill(7));
  expect(origin).toMatchObject({ at: startOfTests, isResumed: false });
  expect(origin.entropyFor('endpoint')).toEqual(new Uint8Array(15).fill(7));
});
