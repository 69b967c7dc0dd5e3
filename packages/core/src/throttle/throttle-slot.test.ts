import { mayUseSlot, parseSlotText, type ThrottleSlot, toSlotText } from './throttle-slot.ts';

const at = new Date('2026-01-01T00:00:10Z');
const later = (ms: number): Date => new Date(at.getTime() + ms);
const aSlot = (overrides: Partial<ThrottleSlot> = {}): ThrottleSlot => ({
  of: 'all',
  rates: { endpoint: 5, application: 20 },
  tries: 1,
  ...overrides,
});
const both = { endpoint: 5, application: 20 };

describe('mayUseSlot', () => {
  it('allows a slot until a second after its time', () => {
    for (const ms of [-900, 0, 1_000]) expect(mayUseSlot(aSlot(), { at, rates: both, now: later(ms) })).toBe(true);
    expect(mayUseSlot(aSlot(), { at, rates: both, now: later(1_001) })).toBe(false);
  });

  it('allows four times the delay after each slot that was missed', () => {
    for (const [tries, ms] of [
      [2, 4_000],
      [3, 16_000],
      [7, 4_096_000],
    ] as const) {
      expect(mayUseSlot(aSlot({ tries }), { at, rates: both, now: later(ms) })).toBe(true);
      expect(mayUseSlot(aSlot({ tries }), { at, rates: both, now: later(ms + 1) })).toBe(false);
    }
  });

  it.each([
    [{ endpoint: 6, application: 20 }],
    [{ endpoint: 5, application: 21 }],
    [{ application: 20 }],
    [{ endpoint: 5 }],
    [{}],
  ])('does not allow a slot of other rates: %j', (rates) => {
    expect(mayUseSlot(aSlot(), { at, rates, now: at })).toBe(false);
  });

  it('allows an endpoint’s slot whatever the application’s rate is', () => {
    const slot = aSlot({ of: 'endpoint', rates: { endpoint: 5 } });
    expect(mayUseSlot(slot, { at, rates: both, now: at })).toBe(true);
    expect(mayUseSlot(slot, { at, rates: { ...both, endpoint: 6 }, now: at })).toBe(false);
  });

  it('allows no slot that was reserved before the endpoint was slow, or while it was', () => {
    const slow = { ...both, slow: 2 };
    expect(mayUseSlot(aSlot(), { at, rates: slow, now: at })).toBe(false);
    expect(mayUseSlot(aSlot({ rates: slow }), { at, rates: slow, now: at })).toBe(true);
    expect(mayUseSlot(aSlot({ rates: slow }), { at, rates: both, now: at })).toBe(false);
  });

  it('allows the turn of slow destinations whatever the limits are', () => {
    const slot = aSlot({ of: 'slow', rates: { slow: 2 } });
    expect(mayUseSlot(slot, { at, rates: { ...both, slow: 2 }, now: at })).toBe(true);
    expect(mayUseSlot(slot, { at, rates: { ...both, slow: 3 }, now: at })).toBe(false);
  });

  it('still reads a slot of the version before', () => {
    expect(parseSlotText('all 5 20 1')).toEqual(aSlot());
  });
});

describe('the text of a slot', () => {
  it.each([
    [aSlot(), 'all 5 20 1'],
    [aSlot({ of: 'endpoint', rates: { endpoint: 5 }, tries: 12 }), 'endpoint 5 - 12'],
    [aSlot({ of: 'sends', rates: { endpoint: 65_535 } }), 'sends 65535 - 1'],
    [aSlot({ rates: { application: 3 } }), 'all - 3 1'],
    [aSlot({ of: 'slow', rates: { slow: 2 } }), 'slow - - 1 2'],
    [aSlot({ rates: { endpoint: 5, slow: 2 }, tries: 3 }), 'all 5 - 3 2'],
  ])('keeps %j', (slot, text) => {
    expect(toSlotText(slot)).toBe(text);
    expect(parseSlotText(text)).toEqual(slot);
  });

  it.each(['', 'all', 'some 5 20 1', 'all 5 20 1 ', 'all five 20 1'])('is not %j', (text) => {
    expect(parseSlotText(text)).toBeUndefined();
  });
});
