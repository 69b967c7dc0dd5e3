import { createVerifiedTokens } from './verified-tokens.ts';

const caller = { kind: 'organisation', organisationId: 'org_1' } as const;
const now = new Date('2026-01-01T12:00:00Z');
const later = (ms: number) => new Date(now.getTime() + ms);
const hourLater = now.getTime() / 1000 + 3_600;

describe('a verified token', () => {
  it('is remembered for ten seconds', () => {
    const tokens = createVerifiedTokens<typeof caller>();
    tokens.keep('token', { caller, exp: hourLater }, now);
    expect(tokens.find('token', now)).toBe(caller);
    expect(tokens.find('token', later(9_999))).toBe(caller);
    expect(tokens.find('token', later(10_000))).toBeUndefined();
    expect(tokens.find('other', now)).toBeUndefined();
  });

  it('is forgotten when it expires', () => {
    const tokens = createVerifiedTokens<typeof caller>();
    tokens.keep('token', { caller, exp: now.getTime() / 1000 + 3 }, now);
    expect(tokens.find('token', later(2_999))).toBe(caller);
    expect(tokens.find('token', later(3_000))).toBeUndefined();
  });

  it('that does not expire is remembered for ten seconds too', () => {
    const tokens = createVerifiedTokens<typeof caller>();
    tokens.keep('token', { caller, exp: undefined }, now);
    expect(tokens.find('token', later(9_999))).toBe(caller);
    expect(tokens.find('token', later(10_000))).toBeUndefined();
  });

  it('is not remembered if it has expired within the tolerance', () => {
    const tokens = createVerifiedTokens<typeof caller>();
    tokens.keep('token', { caller, exp: now.getTime() / 1000 - 30 }, now);
    expect(tokens.find('token', now)).toBeUndefined();
  });

  it('is verified again if the clock was set back', () => {
    const tokens = createVerifiedTokens<typeof caller>();
    tokens.keep('token', { caller, exp: hourLater }, now);
    expect(tokens.find('token', later(-1))).toBeUndefined();
  });

  it('makes room for new ones: the oldest is forgotten first', () => {
    const tokens = createVerifiedTokens<typeof caller>(2);
    for (const token of ['a', 'b', 'a', 'c']) tokens.keep(token, { caller, exp: hourLater }, now);
    expect(['a', 'b', 'c'].map((token) => tokens.find(token, now))).toEqual([caller, undefined, caller]);
  });
});
