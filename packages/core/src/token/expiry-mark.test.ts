import fc from 'fast-check';
import { type ExpiryMark, endOf, isExpiredBy, withMark } from './expiry-mark.ts';

const at = (seconds: number): Date => new Date(Date.UTC(2026, 0, 1) + seconds * 1_000);
const mark = (generation: number, orderedAt: number, afterSeconds = 0): ExpiryMark => ({
  generation,
  issuedUntil: at(orderedAt),
  expiresAt: at(orderedAt + afterSeconds),
});

describe('tokens of an application', () => {
  it('expire at the time of the order if they were issued before it, whatever their own clock says', () => {
    const marks = [mark(3, 100, 60)];
    expect(isExpiredBy(marks, { generation: 2, issuedAt: at(9_999) }, at(159))).toBe(false);
    expect(isExpiredBy(marks, { generation: 2, issuedAt: at(9_999) }, at(160))).toBe(true);
    expect(isExpiredBy(marks, { generation: 3, issuedAt: at(0) }, at(160))).toBe(false);
  });

  it('that were signed elsewhere count by their time, and expire if they have none', () => {
    const marks = [mark(3, 100)];
    expect(isExpiredBy(marks, { issuedAt: at(100) }, at(100))).toBe(true);
    expect(isExpiredBy(marks, { issuedAt: at(101) }, at(200))).toBe(false);
    expect(isExpiredBy(marks, {}, at(200))).toBe(true);
  });
});

it('end at the first order that means them, or by themselves', () => {
  const marks = [mark(1, 100, 60), mark(2, 200, 5)];
  const end = (generation: number, expiresAt = at(900)) => endOf({ generation, issuedAt: at(0), expiresAt }, marks);
  expect([end(0), end(1), end(2), end(0, at(120))]).toEqual([at(160), at(205), at(900), at(120)]);
});

/** Orders at growing times, each with a time after which it takes effect. */
const anyOrders = fc.array(fc.record({ pause: fc.nat({ max: 5 }), after: fc.nat({ max: 20 }) }), { maxLength: 12 });

it('expire as if every order were kept', () => {
  fc.assert(
    fc.property(anyOrders, fc.nat({ max: 100 }), (orders, until) => {
      let time = 0;
      let kept: readonly ExpiryMark[] = [];
      const all: ExpiryMark[] = [];
      for (const { pause, after } of orders) {
        time += pause;
        const next = mark(all.length + 1, time, after);
        all.push(next);
        kept = withMark(kept, next, at(time));
      }
      const now = at(time + until);
      for (let generation = 0; generation <= orders.length; generation += 1)
        expect(isExpiredBy(kept, { generation }, now)).toBe(isExpiredBy(all, { generation }, now));
    }),
    { seed: 20_261_127 },
  );
});

it('expire as if every order were kept, also if some are carried out after later ones', () => {
  const anyLateOrders = fc.array(fc.record({ pause: fc.nat({ max: 5 }), after: fc.nat({ max: 20 }), rank: fc.nat() }), {
    maxLength: 8,
  });
  fc.assert(
    fc.property(anyLateOrders, fc.nat({ max: 100 }), (orders, until) => {
      let time = 0;
      const all = orders.map(({ pause, after, rank }, index) => {
        time += pause;
        return { rank, mark: mark(index + 1, time, after) };
      });
      let kept: readonly ExpiryMark[] = [];
      for (const one of all.toSorted((a, b) => a.rank - b.rank)) {
        time += 1;
        kept = withMark(kept, one.mark, at(time));
      }
      const now = at(time + until);
      const marks = all.map((one) => one.mark);
      for (let generation = 0; generation <= orders.length; generation += 1)
        expect(isExpiredBy(kept, { generation }, now)).toBe(isExpiredBy(marks, { generation }, now));
    }),
    { seed: 20_261_127 },
  );
});

it('need one mark for any number of orders that take effect at once', () => {
  let marks: readonly ExpiryMark[] = [];
  for (let generation = 1; generation <= 50; generation += 1)
    marks = withMark(marks, mark(generation, generation), at(generation));
  expect(marks).toEqual([mark(50, 50)]);
});
