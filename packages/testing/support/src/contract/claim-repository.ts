import type { ClaimRepository, MessageClaim } from '@posthorn/core';
import { nthId, secondsLater } from '../builders/ids.ts';

type Create = () => Promise<ClaimRepository>;

const concurrent = 8;

/** What every place that keeps claims promises. Each test gets an empty one. */
export function describeClaimRepository(name: string, create: Create): void {
  describe(`claims ${name}`, () => {
    describeClaiming(create);
    describeTakingOver(create);
    describeRequests(create);
  });
}

const aClaim = (n: number, overrides: Partial<MessageClaim> = {}): MessageClaim => ({
  key: 'application event',
  messageId: nthId('message', n),
  claimedAt: secondsLater(0),
  expiresAt: secondsLater(60),
  ...overrides,
});

function describeClaiming(create: Create): void {
  it('gives a name to one of many that claim it at once, and tells the others who has it', async () => {
    const claims = await create();
    const answers = await Promise.all(Array.from({ length: concurrent }, (_, n) => claims.claim(aClaim(n))));
    const holder = aClaim(answers.findIndex(({ kind }) => kind === 'claimed'));
    expect(answers.filter(({ kind }) => kind === 'claimed')).toHaveLength(1);
    for (const answer of answers) if (answer.kind === 'held') expect(answer.by).toEqual(holder);
    expect(await claims.find(holder.key, secondsLater(1))).toEqual(holder);
  });

  it('lets the same message claim again', async () => {
    const claims = await create();
    await claims.claim(aClaim(1));
    expect(await claims.claim(aClaim(1, { claimedAt: secondsLater(1) }))).toEqual({ kind: 'claimed' });
    expect(await claims.claim(aClaim(2))).toMatchObject({ kind: 'held', by: { messageId: nthId('message', 1) } });
  });

  it('takes an expired claim for none', async () => {
    const claims = await create();
    await claims.claim(aClaim(1));
    expect(await claims.find(aClaim(1).key, secondsLater(59))).toEqual(aClaim(1));
    expect(await claims.find(aClaim(1).key, secondsLater(60))).toBeUndefined();
    const later = aClaim(2, { claimedAt: secondsLater(60), expiresAt: secondsLater(120) });
    expect(await claims.claim(later)).toEqual({ kind: 'claimed' });
    expect(await claims.find(later.key, secondsLater(61))).toEqual(later);
  });

  it('keeps names apart', async () => {
    const claims = await create();
    await claims.claim(aClaim(1));
    expect(await claims.claim(aClaim(2, { key: 'another' }))).toEqual({ kind: 'claimed' });
    expect(await claims.find('nobody', secondsLater(0))).toBeUndefined();
  });
}

function describeTakingOver(create: Create): void {
  it('lets one of many take a name over from its holder', async () => {
    const claims = await create();
    await claims.claim(aClaim(0));
    const rivals = Array.from({ length: concurrent }, (_, n) => claims.takeOver(aClaim(n + 1), aClaim(0)));
    const answers = await Promise.all(rivals);
    expect(answers.filter((answer) => answer === 'claimed')).toHaveLength(1);
    const holder = await claims.find(aClaim(0).key, secondsLater(1));
    expect(holder?.messageId).toBe(nthId('message', answers.indexOf('claimed') + 1));
  });

  it('is lost when the holder is another by now, or claimed anew', async () => {
    const claims = await create();
    await claims.claim(aClaim(1, { claimedAt: secondsLater(5) }));
    expect(await claims.takeOver(aClaim(3), aClaim(2))).toBe('lost');
    expect(await claims.takeOver(aClaim(3), aClaim(1))).toBe('lost');
    expect(await claims.takeOver(aClaim(3, { key: 'nobody' }), aClaim(1, { key: 'nobody' }))).toBe('lost');
  });
}

function describeRequests(create: Create): void {
  const begin = (claims: ClaimRepository, seconds: number) =>
    claims.begin({ key: 'key', now: secondsLater(seconds), lockedUntil: secondsLater(seconds + 5) });

  it('lets one of many begin, the others are told that it is in progress', async () => {
    const claims = await create();
    const answers = await Promise.all(Array.from({ length: concurrent }, () => begin(claims, 0)));
    expect(answers.filter(({ kind }) => kind === 'begun')).toHaveLength(1);
    expect(answers.filter(({ kind }) => kind === 'in_progress')).toHaveLength(concurrent - 1);
  });

  it('gives the answer again until it expires', async () => {
    const claims = await create();
    const answer = { status: 201, body: JSON.stringify({ id: 'ä'.repeat(5_000) }) };
    await begin(claims, 0);
    await claims.finish('key', answer, secondsLater(60));
    expect(await begin(claims, 1)).toEqual({ kind: 'answered', answer });
    expect(await begin(claims, 59.999)).toEqual({ kind: 'answered', answer });
    expect(await begin(claims, 60)).toEqual({ kind: 'begun' });
  });

  it('lets the next one begin when the lock has run out, or was let go', async () => {
    const claims = await create();
    await begin(claims, 0);
    expect(await begin(claims, 4.999)).toEqual({ kind: 'in_progress' });
    expect(await begin(claims, 5)).toEqual({ kind: 'begun' });
    await claims.release('key');
    expect(await begin(claims, 6)).toEqual({ kind: 'begun' });
  });

  it('keeps an answer that somebody else gave since', async () => {
    const claims = await create();
    await begin(claims, 0);
    await claims.finish('key', { status: 204, body: '' }, secondsLater(60));
    await claims.release('key');
    await claims.release('nobody');
    expect(await begin(claims, 1)).toEqual({ kind: 'answered', answer: { status: 204, body: '' } });
  });

  it('keeps requests and claims of one name apart', async () => {
    const claims = await create();
    await claims.claim(aClaim(1, { key: 'key' }));
    expect(await begin(claims, 0)).toEqual({ kind: 'begun' });
    expect(await claims.find('key', secondsLater(1))).toEqual(aClaim(1, { key: 'key' }));
  });
}
