import type { BeginningRequest, ClaimRepository, MessageClaim } from '@posthorn/core';
import { nthId, secondsLater } from '../builders/ids.ts';

type Create = () => Promise<ClaimRepository>;

const concurrent = 8;

/** What every claim repository promises. Each test gets an empty one. */
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
  it('gives a key to one of many simultaneous claims, and tells the others which message has it', async () => {
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

  it('ignores an expired claim', async () => {
    const claims = await create();
    await claims.claim(aClaim(1));
    expect(await claims.find(aClaim(1).key, secondsLater(59))).toEqual(aClaim(1));
    expect(await claims.find(aClaim(1).key, secondsLater(60))).toBeUndefined();
    const later = aClaim(2, { claimedAt: secondsLater(60), expiresAt: secondsLater(120) });
    expect(await claims.claim(later)).toEqual({ kind: 'claimed' });
    expect(await claims.find(later.key, secondsLater(61))).toEqual(later);
  });

  it('keeps keys apart', async () => {
    const claims = await create();
    await claims.claim(aClaim(1));
    expect(await claims.claim(aClaim(2, { key: 'another' }))).toEqual({ kind: 'claimed' });
    expect(await claims.find('nobody', secondsLater(0))).toBeUndefined();
  });
}

function describeTakingOver(create: Create): void {
  it('lets one of many messages take a key over from its holder', async () => {
    const claims = await create();
    await claims.claim(aClaim(0));
    const rivals = Array.from({ length: concurrent }, (_, n) => claims.takeOver(aClaim(n + 1), aClaim(0)));
    const answers = await Promise.all(rivals);
    expect(answers.filter((answer) => answer === 'claimed')).toHaveLength(1);
    const holder = await claims.find(aClaim(0).key, secondsLater(1));
    expect(holder?.messageId).toBe(nthId('message', answers.indexOf('claimed') + 1));
  });

  it('can be repeated by the message that took the key over', async () => {
    const claims = await create();
    await claims.claim(aClaim(0));
    expect(await claims.takeOver(aClaim(1), aClaim(0))).toBe('claimed');
    expect(await claims.takeOver(aClaim(1), aClaim(0))).toBe('claimed');
    expect(await claims.takeOver(aClaim(2), aClaim(0))).toBe('lost');
  });

  it('gives an expired key to one of many simultaneous claims', async () => {
    const claims = await create();
    await claims.claim(aClaim(0));
    const times = { claimedAt: secondsLater(60), expiresAt: secondsLater(120) };
    const answers = await Promise.all(Array.from({ length: concurrent }, (_, n) => claims.claim(aClaim(n + 1, times))));
    const winners = answers.flatMap(({ kind }, n) => (kind === 'claimed' ? [aClaim(n + 1, times)] : []));
    expect(winners).toHaveLength(1);
    for (const answer of answers) if (answer.kind === 'held') expect(answer.by).toEqual(winners[0]);
  });

  it('is lost if another message has the key by now, or the holder claimed it again', async () => {
    const claims = await create();
    await claims.claim(aClaim(1, { claimedAt: secondsLater(5) }));
    expect(await claims.takeOver(aClaim(3), aClaim(2))).toBe('lost');
    expect(await claims.takeOver(aClaim(3), aClaim(1))).toBe('lost');
    expect(await claims.takeOver(aClaim(3, { key: 'nobody' }), aClaim(1, { key: 'nobody' }))).toBe('lost');
  });
}

const aRequest = (seconds: number, key = 'key'): BeginningRequest => ({
  key,
  seed: { at: secondsLater(seconds), text: `seed ${seconds}` },
  lockedUntil: secondsLater(seconds + 5),
  keptUntil: secondsLater(seconds + 100),
});
const begin = (claims: ClaimRepository, seconds: number, key = 'key') => claims.begin(aRequest(seconds, key));
const created = { status: 201, body: '{"id":"ep_1"}' };
const byKind = (one: { readonly kind: string }, other: { readonly kind: string }): number =>
  one.kind < other.kind ? -1 : 1;

function describeRequests(create: Create): void {
  it('lets one of many requests begin, and tells the others that it is in progress', async () => {
    const claims = await create();
    const answers = await Promise.all(Array.from({ length: concurrent }, () => begin(claims, 0)));
    expect(answers.filter(({ kind }) => kind === 'begun')).toHaveLength(1);
    expect(answers.filter(({ kind }) => kind === 'in_progress')).toHaveLength(concurrent - 1);
  });

  it('returns the stored answer until it expires', async () => {
    const claims = await create();
    const answer = { status: 201, body: JSON.stringify({ id: 'ä'.repeat(5_000) }) };
    await begin(claims, 0);
    await claims.finish(aRequest(0), answer, secondsLater(60));
    const answered = { kind: 'answered', answer: { ...answer, until: secondsLater(60) } };
    expect(await begin(claims, 1)).toEqual(answered);
    expect(await begin(claims, 59.999)).toEqual(answered);
    expect(await begin(claims, 60)).toEqual({ kind: 'begun' });
  });

  it('lets the next request begin when the lock has expired or was released, and take up the first one', async () => {
    const claims = await create();
    await begin(claims, 0);
    expect(await begin(claims, 4.999)).toEqual({ kind: 'in_progress' });
    const first = { kind: 'begun', resumes: aRequest(0).seed };
    expect(await begin(claims, 5)).toEqual(first);
    await claims.release(aRequest(5));
    expect(await begin(claims, 6)).toEqual(first);
    expect(await begin(claims, 99.999)).toEqual(first);
  });

  it('lets the next request begin anew when the first one is forgotten', async () => {
    const claims = await create();
    await begin(claims, 0);
    await claims.forget(aRequest(0));
    expect(await begin(claims, 0.001)).toEqual({ kind: 'begun' });
    // A lost response is asked for again.
    await claims.forget(aRequest(0));
    expect(await begin(claims, 1)).toEqual({ kind: 'in_progress' });
  });

  it('forgets no request that took up an earlier one, or that another one has taken up or answered', async () => {
    const claims = await create();
    await begin(claims, 0);
    await begin(claims, 5);
    await claims.forget(aRequest(0));
    await claims.forget(aRequest(5));
    expect(await begin(claims, 6)).toEqual({ kind: 'in_progress' });
    await claims.release(aRequest(5));
    await claims.forget(aRequest(0));
    expect(await begin(claims, 7)).toEqual({ kind: 'begun', resumes: aRequest(0).seed });
    await claims.finish(aRequest(7), created, secondsLater(60));
    for (const seconds of [0, 5, 7]) await claims.forget(aRequest(seconds));
    expect(await begin(claims, 8)).toMatchObject({ kind: 'answered' });
    await claims.forget(aRequest(0, 'no row'));
  });

  it('lets a request begin anew when the first one is no longer kept', async () => {
    const claims = await create();
    await begin(claims, 0);
    await begin(claims, 90);
    expect(await begin(claims, 100)).toEqual({ kind: 'begun' });
    expect(await begin(claims, 105)).toEqual({ kind: 'begun', resumes: aRequest(100).seed });
  });

  it('lets one of many requests begin when the first one is no longer kept, or its answer has expired', async () => {
    const claims = await create();
    await begin(claims, 0);
    await begin(claims, 0, 'answered');
    await claims.finish(aRequest(0, 'answered'), created, secondsLater(60));
    for (const key of ['key', 'answered']) {
      const answers = await Promise.all(Array.from({ length: concurrent }, () => begin(claims, 200, key)));
      expect(answers.toSorted(byKind)).toEqual([
        { kind: 'begun' },
        ...Array(concurrent - 1).fill({ kind: 'in_progress' }),
      ]);
    }
  });

  it('keeps the answer that another request has stored since then', async () => {
    const claims = await create();
    await begin(claims, 0);
    await begin(claims, 5);
    await claims.finish(aRequest(5), { status: 204, body: '' }, secondsLater(60));
    await claims.finish(aRequest(0), created, secondsLater(90));
    await claims.release(aRequest(0));
    await claims.release(aRequest(5));
    const answer = { status: 204, body: '', until: secondsLater(60) };
    expect(await begin(claims, 6)).toEqual({ kind: 'answered', answer });
  });

  it('keeps the lock of the next request when an earlier one ends late', async () => {
    const claims = await create();
    await begin(claims, 0);
    await begin(claims, 5);
    await claims.release(aRequest(0));
    expect(await begin(claims, 6)).toEqual({ kind: 'in_progress' });
    await claims.finish(aRequest(0), created, secondsLater(60));
    expect(await begin(claims, 7)).toEqual({ kind: 'in_progress' });
  });

  it('stores an answer after the lock has expired, if no other request has begun', async () => {
    const claims = await create();
    await begin(claims, 0);
    await claims.finish(aRequest(0), created, secondsLater(60));
    await claims.finish(aRequest(0, 'no row'), created, secondsLater(60));
    for (const key of ['key', 'no row']) expect(await begin(claims, 6, key)).toMatchObject({ kind: 'answered' });
  });

  it('lets one of many requests replace an answer that is no longer valid', async () => {
    const claims = await create();
    await begin(claims, 0);
    await claims.finish(aRequest(0), created, secondsLater(60));
    const found = { ...created, until: secondsLater(60) };
    const requests = Array.from({ length: concurrent }, (_, n) => aRequest(10 + n));
    const answers = await Promise.all(requests.map((request) => claims.beginInstead(request, found)));
    expect(answers.filter((answer) => answer === 'begun')).toHaveLength(1);
    expect(await begin(claims, 11)).toEqual({ kind: 'in_progress' });
    const winner = aRequest(10 + answers.indexOf('begun'));
    await claims.release(winner);
    expect(await begin(claims, 30)).toEqual({ kind: 'begun', resumes: winner.seed });
    await claims.finish(aRequest(30), { status: 202, body: '{}' }, secondsLater(90));
    expect(await claims.beginInstead(aRequest(40), found)).toBe('lost');
    expect(await begin(claims, 40)).toMatchObject({ kind: 'answered', answer: { status: 202 } });
  });

  it('does not replace an answer that does not exist', async () => {
    const claims = await create();
    const found = { ...created, until: aRequest(0).lockedUntil };
    expect(await claims.beginInstead(aRequest(1), found)).toBe('lost');
    await begin(claims, 0);
    expect(await claims.beginInstead(aRequest(1), found)).toBe('lost');
  });

  it('keeps requests and claims with the same key apart', async () => {
    const claims = await create();
    await claims.claim(aClaim(1, { key: 'key' }));
    expect(await begin(claims, 0)).toEqual({ kind: 'begun' });
    expect(await claims.find('key', secondsLater(1))).toEqual(aClaim(1, { key: 'key' }));
  });
}
