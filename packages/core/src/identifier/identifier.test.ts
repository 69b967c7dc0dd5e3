import * as fc from 'fast-check';
import {
  createId,
  createMessageId,
  entropyOfId,
  idEntropyBytes,
  isId,
  lowestIdAt,
  placementOfMessageId,
  shardOf,
  timeOfId,
} from './identifier.ts';

const anyTime = fc.date({ min: new Date('2015-01-01'), max: new Date('2100-01-01'), noInvalidDate: true });
const anyEntropy = fc.uint8Array({ minLength: idEntropyBytes, maxLength: idEntropyBytes });
const check = { seed: 1 };

describe('ids', () => {
  it('have a prefix and 27 characters of base62', () => {
    const id = createId('message', new Date('2026-01-01T00:00:00Z'), new Uint8Array(idEntropyBytes));
    expect(id).toMatch(/^msg_[0-9A-Za-z]{27}$/);
    expect(isId('message', id)).toBe(true);
    expect(isId('endpoint', id)).toBe(false);
  });

  it('carry their time and entropy', () => {
    fc.assert(
      fc.property(anyTime, anyEntropy, (time, entropy) => {
        const id = createId('attempt', time, entropy);
        expect(timeOfId(id).getTime()).toBe(time.getTime() - (time.getTime() % 4));
        expect([...entropyOfId(id)]).toEqual([...entropy]);
      }),
      check,
    );
  });

  it('sort as text by their time', () => {
    fc.assert(
      fc.property(anyTime, anyTime, anyEntropy, anyEntropy, (one, other, entropy, otherEntropy) => {
        const gap = Math.floor(one.getTime() / 4) - Math.floor(other.getTime() / 4);
        fc.pre(gap !== 0);
        expect(createId('message', one, entropy) < createId('message', other, otherEntropy)).toBe(gap < 0);
      }),
      check,
    );
  });

  it('of a time never sort before its lowest id', () => {
    fc.assert(
      fc.property(anyTime, anyEntropy, (time, entropy) => {
        expect(createId('message', time, entropy) >= lowestIdAt('message', time)).toBe(true);
      }),
      check,
    );
  });

  it('have a lowest one for every time, also for those that no id can carry', () => {
    expect(lowestIdAt('message', new Date(0))).toBe(lowestIdAt('message', new Date('2014-05-13T16:53:20Z')));
    expect(lowestIdAt('message', new Date('9999-01-01'))).toBe(lowestIdAt('message', new Date('2150-01-01')));
  });

  it('of messages say where their rows are stored', () => {
    fc.assert(
      fc.property(
        anyTime,
        anyEntropy,
        fc.constantFrom('ordered' as const, 'sharded' as const),
        (time, entropy, placement) => {
          expect(placementOfMessageId(createMessageId(time, entropy, placement))).toBe(placement);
        },
      ),
      check,
    );
  });

  it.each(['msg_', 'msg_short', `msg_${'z'.repeat(27)}`, 'msg_0000000000000000000000000-1', '27'])(
    'refuse %s',
    (text) => {
      expect(isId('message', text)).toBe(false);
    },
  );

  it('spread over shards, each the same at every call', () => {
    const shards = Array.from({ length: 1000 }, (_, index) => shardOf(`msg_${index}`, 8));
    expect(new Set(shards)).toEqual(new Set([0, 1, 2, 3, 4, 5, 6, 7]));
    expect(shardOf('msg_1', 8)).toBe(shardOf('msg_1', 8));
  });
});
