import { eventClaimKey } from '@posthorn/intake';
import { aMessage, anApplication, ids, nthId, secondsLater } from '@posthorn/testing';
import { aRequest, bodyOf } from '../fixtures/a-request.ts';
import { anApi } from '../fixtures/an-api.ts';

const path = `/api/v1/app/${ids.application}/msg`;

async function withMessages(...messages: ReturnType<typeof aMessage>[]) {
  const api = anApi(secondsLater(60));
  await api.applications.insert(anApplication());
  for (const message of messages) await api.messages.insert(message);
  const get = (below = '', search = '') => api.serve(aRequest({ path: `${path}${below}`, search }));
  const idsOf = async (search: string) => bodyOf(await get('', search)).data.map(({ id }: { id: string }) => id);
  return { ...api, get, idsOf };
}

const [first, second, third] = [1, 2, 3].map((n) => nthId('message', n)) as [string, string, string];
const three = [first, second, third].map((messageId) => aMessage({ messageId }));

describe('a message', () => {
  const body = '{"b":1,"a":12345678901234567890,"é":"\\u00e9 "}';

  it('is returned with its payload byte for byte', async () => {
    const { get } = await withMessages(aMessage({ body }));
    expect((await get(`/${ids.message}`)).body).toContain(`"payload":${body}}`);
  });

  it('is returned without its payload on request', async () => {
    const { get } = await withMessages(aMessage({ body }));
    expect(bodyOf(await get(`/${ids.message}`, 'with_content=false'))).toMatchObject({ payload: {} });
  });

  it('is found by its eventId', async () => {
    const { get, claims } = await withMessages(aMessage({ eventId: 'order-1' }));
    const claim = { messageId: ids.message, claimedAt: secondsLater(0), expiresAt: secondsLater(3600) };
    await claims.claim({ key: eventClaimKey(ids.application, 'order-1'), ...claim });
    expect(bodyOf(await get('/order-1'))).toMatchObject({ id: ids.message, eventId: 'order-1' });
  });

  it.each(['order-2', nthId('message', 9)])('is not found as %s', async (name) => {
    const { get } = await withMessages(aMessage());
    expect(await get(`/${name}`)).toMatchObject({ statusCode: 404 });
  });

  it('is not found if it has expired', async () => {
    const { get } = await withMessages(aMessage({ expiresAt: secondsLater(59) }));
    expect(await get(`/${ids.message}`)).toMatchObject({ statusCode: 404 });
  });
});

describe('messages', () => {
  it('are listed newest first, page by page, forward and back', async () => {
    const { get } = await withMessages(...three);
    const page = bodyOf(await get('', 'limit=2'));
    expect(page).toMatchObject({ data: [{ id: third }, { id: second }], iterator: second, done: false });
    const next = bodyOf(await get('', `limit=2&iterator=${page.iterator}`));
    expect(next).toMatchObject({ data: [{ id: first }], done: true });
    const back = bodyOf(await get('', `limit=2&iterator=${next.prevIterator}`));
    expect(back).toMatchObject({ data: [{ id: third }, { id: second }] });
  });

  it('start with the page closest to `after`', async () => {
    const { get } = await withMessages(...three);
    const after = encodeURIComponent(secondsLater(1).toISOString());
    expect(bodyOf(await get('', `limit=2&after=${after}`))).toMatchObject({ data: [{ id: second }, { id: first }] });
  });

  it.each([
    ['before=2026-01-01T00:00:02Z', [first]],
    ['after=2026-01-01T00:00:02Z&before=2026-01-01T00:00:03Z', [second]],
    ['channel=red', [second]],
    ['tag=urgent', [third]],
    ['event_types=a,b', [second]],
    ['limit=0', []],
  ])('are filtered by %s', async (search, expected) => {
    const { idsOf } = await withMessages(
      aMessage({ messageId: first }),
      aMessage({ messageId: second, channels: ['red'], eventType: 'a' }),
      aMessage({ messageId: third, tags: ['urgent'] }),
    );
    expect(await idsOf(search)).toEqual(expected);
  });

  it('have their payload byte for byte in the list', async () => {
    const body = '{"n":12345678901234567890}';
    const { get } = await withMessages(aMessage({ body }));
    expect((await get()).body).toContain(`"payload":${body}}`);
    expect((await get('', 'with_content=false')).body).toContain('"payload":{}}');
  });
});
