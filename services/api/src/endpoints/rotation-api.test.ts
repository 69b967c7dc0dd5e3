import { allOperations } from '@posthorn/contracts/api/all-operations';
import { PassingError } from '@posthorn/core';
import { publicFormOf } from '@posthorn/core/signing/secret';
import { anApplication, anEventType, ids, secondsLater } from '@posthorn/testing';
import { aRequest, bodyOf } from '../fixtures/a-request.ts';
import { anApi } from '../fixtures/an-api.ts';

const path = `/api/v1/app/${ids.application}/endpoint`;
const shared = (byte: number): string => `whsec_${Buffer.alloc(24, byte).toString('base64')}`;
const pair = 'whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlX0dRqSKJp4AJ6p9lMicMFs6Kvg==';

async function anEndpointToRotate(secret = shared(1)) {
  const api = anApi();
  await api.applications.insert(anApplication());
  await api.eventTypes.insert(anEventType());
  const call = (method: 'GET' | 'POST' | 'PUT' | 'PATCH', below: string, body?: unknown, key?: string) =>
    api.serve(
      aRequest({
        method,
        path: `${path}${below}`,
        body,
        ...(key === undefined ? {} : { headers: { 'idempotency-key': key } }),
      }),
    );
  const id = String(bodyOf(await call('POST', '', { url: 'https://example.com/hook', secret })).id);
  const rotate = (body: unknown = {}, key?: string) => call('POST', `/${id}/secret/rotate`, body, key);
  /** The secrets with the end of their time, as a worker opens them. */
  const secrets = async () => {
    const endpoint = await api.endpoints.find(ids.application, id);
    const context = { organisationId: ids.organisation, endpointId: id };
    return Promise.all(
      (endpoint?.secrets ?? []).map(async ({ sealedKey, expiresAt }) => [
        await api.seal.open(sealedKey, context),
        expiresAt,
      ]),
    );
  };
  const current = async () => String(bodyOf(await call('GET', `/${id}/secret`)).key);
  return { ...api, call, id, rotate, secrets, current };
}

describe('a rotation of a secret', () => {
  it('gives a random secret, and the old one goes on for a day', async () => {
    const { rotate, secrets, current } = await anEndpointToRotate();
    const answer = await rotate();
    expect([answer.statusCode, answer.body ?? '']).toEqual([204, '']);
    expect(await current()).toMatch(/^whsec_.{32}$/);
    expect(await secrets()).toEqual([
      [await current(), undefined],
      [shared(1), secondsLater(86_400)],
    ]);
  });

  it('takes the given secret and grace period, of either kind', async () => {
    const { rotate, secrets, current } = await anEndpointToRotate();
    await rotate({ key: pair, gracePeriodSeconds: 604_800 });
    expect(await current()).toBe(publicFormOf(pair));
    await rotate({ key: shared(2), gracePeriodSeconds: 60 });
    expect(await secrets()).toEqual([
      [shared(2), undefined],
      [pair, secondsLater(60)],
      [shared(1), secondsLater(604_800)],
    ]);
  });

  it('gives a random key pair if the present secret is one', async () => {
    const { rotate, current } = await anEndpointToRotate(pair);
    await rotate({ key: null, gracePeriodSeconds: null });
    expect(await current()).toMatch(/^whpk_.{44}$/);
    expect(await current()).not.toBe(publicFormOf(pair));
  });

  it('drops the old secret at once without a grace period', async () => {
    const { rotate, secrets } = await anEndpointToRotate();
    await rotate({ key: shared(2), gracePeriodSeconds: 0 });
    expect(await secrets()).toEqual([[shared(2), undefined]]);
  });

  it('can be repeated with the same secret, and can go back to an old one: no secret is stored twice', async () => {
    const { rotate, secrets } = await anEndpointToRotate();
    for (const _ of [1, 2]) await rotate({ key: shared(2) });
    expect((await secrets()).map(([text]) => text)).toEqual([shared(2), shared(1)]);
    await rotate({ key: shared(1) });
    expect((await secrets()).map(([text]) => text)).toEqual([shared(1), shared(2)]);
  });

  it('is done once for an idempotency key', async () => {
    const { rotate, secrets } = await anEndpointToRotate();
    const answers = [await rotate({}, 'once'), await rotate({}, 'once')];
    expect(answers.map(({ statusCode, body = '' }) => [statusCode, body])).toEqual([
      [204, ''],
      [204, ''],
    ]);
    expect(await secrets()).toHaveLength(2);
  });

  it.each([{}, { key: shared(2) }, { gracePeriodSeconds: 0 }])(
    'with %j is done once for an idempotency key, also if the store fails before the answer is stored',
    async (body) => {
      const { rotate, secrets, claims } = await anEndpointToRotate();
      const { finish } = claims;
      claims.finish = async () => {
        claims.finish = finish;
        throw new PassingError('the store is away');
      };
      expect(await rotate(body, 'once')).toMatchObject({ statusCode: 503 });
      const rotated = await secrets();
      expect(rotated[0]).not.toEqual([shared(1), undefined]);
      expect(await rotate(body, 'once')).toMatchObject({ statusCode: 204 });
      expect(await secrets()).toEqual(rotated);
    },
  );

  it('is not done again when it is taken up again after the next one', async () => {
    const { rotate, secrets, claims } = await anEndpointToRotate();
    const { finish } = claims;
    claims.finish = async () => {
      claims.finish = finish;
      throw new PassingError('the store is away');
    };
    await rotate({ key: shared(2) }, 'once');
    await rotate({ key: shared(3) });
    expect(await rotate({ key: shared(2) }, 'once')).toMatchObject({ statusCode: 204 });
    expect((await secrets()).map(([text]) => text)).toEqual([shared(3), shared(2), shared(1)]);
  });

  it('is refused when ten old secrets still sign, unless the present one stops at once', async () => {
    const { rotate, secrets } = await anEndpointToRotate();
    for (let n = 2; n <= 11; n += 1) expect((await rotate({ key: shared(n) })).statusCode).toBe(204);
    const refused = await rotate({ key: shared(12) });
    expect(refused.statusCode).toBe(400);
    expect(bodyOf(refused)).toEqual({
      code: 'limit_reached',
      detail: expect.stringContaining(secondsLater(86_400).toISOString()),
    });
    expect(await secrets()).toHaveLength(11);
    expect((await rotate({ key: shared(12), gracePeriodSeconds: 0 })).statusCode).toBe(204);
    expect((await secrets())[0]).toEqual([shared(12), undefined]);
  });

  it.each([
    { gracePeriodSeconds: -1 },
    { gracePeriodSeconds: 604_801 },
    { gracePeriodSeconds: 1.5 },
    { key: 'whsec_x' },
  ])('is refused with %j, without the secret in the answer', async (body) => {
    const { rotate, secrets } = await anEndpointToRotate();
    const answer = await rotate(body);
    expect(answer.statusCode).toBe(422);
    expect(answer.body).not.toContain('whsec_x"');
    expect(await secrets()).toHaveLength(1);
  });

  it('loses nothing beside other rotations and changes at the same time', async () => {
    const { rotate, call, id, secrets, endpoints } = await anEndpointToRotate();
    const answers = await Promise.all([
      ...[2, 3, 4, 5].map((n) => rotate({ key: shared(n) })),
      call('PATCH', `/${id}`, { description: 'changed' }),
    ]);
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([204, 204, 204, 204, 200]);
    const kept = (await secrets()).map(([text]) => String(text));
    expect(kept.toSorted()).toEqual([1, 2, 3, 4, 5].map(shared).toSorted());
    expect(await endpoints.find(ids.application, id)).toMatchObject({ description: 'changed' });
  });

  it('is kept by every other change of the endpoint', async () => {
    const { rotate, call, id, secrets } = await anEndpointToRotate();
    await rotate({ key: shared(2) });
    await call('PUT', `/${id}`, { url: 'https://example.com/other' });
    await call('PATCH', `/${id}`, { disabled: true });
    await call('PUT', `/${id}/headers`, { headers: { 'x-a': 'b' } });
    expect((await secrets()).map(([text]) => text)).toEqual([shared(2), shared(1)]);
  });

  it('shows no secret in the answer of any operation that reads, but of the one for the secret', async () => {
    const { rotate, id, serve } = await anEndpointToRotate();
    for (const key of [shared(2), pair, shared(3)]) await rotate({ key });
    const names: Readonly<Record<string, string>> = {
      app_id: ids.application,
      endpoint_id: id,
      event_type_name: 'invoice.paid',
    };
    const reading = Object.values(allOperations).filter(
      ({ method, id: operation }) => method === 'GET' && operation !== 'v1.endpoint.get-secret',
    );
    const answers = await Promise.all(
      reading.map(({ path: pattern }) =>
        serve(aRequest({ method: 'GET', path: pattern.replace(/\{(\w+)\}/g, (_, name) => names[name] ?? 'unknown') })),
      ),
    );
    expect(answers.filter(({ statusCode }) => statusCode === 200).length).toBeGreaterThan(10);
    for (const text of [shared(1), shared(2), shared(3), pair])
      expect(JSON.stringify(answers)).not.toContain(text.split('_')[1]?.slice(0, 16));
  });

  it('shows no secret in any list, in any other answer, or in the log', async () => {
    const { rotate, call, id, lines, errors, serve } = await anEndpointToRotate();
    const texts = [shared(2), pair, shared(3)];
    const answers = [];
    for (const key of texts) answers.push(await rotate({ key }));
    answers.push(await rotate({ key: `${shared(4)}x` }), await call('GET', `/${id}`), await call('GET', ''));
    for (const list of ['/api/v1/app', `${path}`, `/api/v1/app/${ids.application}/destination`, '/api/v1/event-type'])
      answers.push(await serve(aRequest({ method: 'GET', path: list })));
    answers.push(await call('PUT', `/${id}`, { url: 'https://example.com/other' }));
    const shown = JSON.stringify([answers, lines, errors.map(String)]);
    for (const text of [...texts, shared(1), shared(4)]) {
      const [, base64 = ''] = text.split('_');
      expect(shown).not.toContain(base64.slice(0, 16));
    }
  });
});
