import fc from 'fast-check';
import { aToken } from '../testing/a-token.ts';
import { describeToken, readTokenFacts } from './token-facts.ts';

describe('what a token says of itself', () => {
  it('is its kind, its owner, what it may do and its end', () => {
    const facts = readTokenFacts(
      aToken({ sub: 'app_1', org: 'org_1', capabilities: ['ViewBase'], jti: 'tok_1', exp: 1_800_000_000 }),
    );
    expect(facts).toEqual({
      kind: 'application',
      applicationId: 'app_1',
      organisationId: 'org_1',
      capabilities: ['ViewBase'],
      tokenId: 'tok_1',
      expiresAt: '2027-01-15T08:00:00.000Z',
    });
    expect(describeToken(facts)).toBe("an application's token (app_1 of org_1), limited to ViewBase");
    expect(describeToken(readTokenFacts(aToken({ sub: 'org_1' })))).toBe("an organisation's token (org_1)");
  });

  it('is nothing for what is no JWT, whatever it is', () => {
    expect(readTokenFacts('testsk_abc')).toEqual({ kind: 'unknown' });
    expect(readTokenFacts(aToken(null))).toEqual({ kind: 'unknown' });
    fc.assert(fc.property(fc.string(), (text) => readTokenFacts(text).kind === 'unknown'));
    fc.assert(fc.property(fc.jsonValue(), (claims) => describeToken(readTokenFacts(aToken(claims))) !== ''));
  });
});
