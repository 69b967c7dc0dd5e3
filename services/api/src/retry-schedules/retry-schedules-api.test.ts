import { anApplication, anEndpoint, anEventType, ids, nthId } from '@posthorn/testing';
import { aRequest, bodyOf } from '../fixtures/a-request.ts';
import { anApi } from '../fixtures/an-api.ts';

const endpointPath = `/api/v1/app/${ids.application}/endpoint/${ids.endpoint}`;
const places = [
  ['the organisation', '/api/v1/retry-schedule'],
  ['an event type', '/api/v1/event-type/invoice.paid/retry-schedule'],
  ['an endpoint', `${endpointPath}/retry-schedule`],
] as const;

async function anApiWithThings() {
  const api = anApi();
  await api.applications.insert(anApplication());
  await api.endpoints.insert(anEndpoint());
  await api.eventTypes.insert(anEventType());
  const call = (method: 'GET' | 'PUT' | 'PATCH' | 'DELETE', path: string, body?: unknown, token = 'organisation') =>
    api.serve(aRequest({ method, path, token, ...(body === undefined ? {} : { body }) }));
  return { ...api, call };
}

describe.each(places)('the retry schedule of %s', (_, path) => {
  it('is set, shown, and removed, also twice', async () => {
    const { call } = await anApiWithThings();
    expect(bodyOf(await call('GET', path))).toEqual({ retrySchedule: null });
    expect((await call('PUT', path, { retrySchedule: [0, 5, 604_800] })).statusCode).toBe(204);
    expect(bodyOf(await call('GET', path))).toEqual({ retrySchedule: [0, 5, 604_800] });
    expect((await call('PUT', path, { retrySchedule: [] })).statusCode).toBe(204);
    expect(bodyOf(await call('GET', path))).toEqual({ retrySchedule: [] });
    for (const __ of [1, 2]) expect((await call('DELETE', path)).statusCode).toBe(204);
    expect(bodyOf(await call('GET', path))).toEqual({ retrySchedule: null });
  });

  it('is not the one of the other places', async () => {
    const { call } = await anApiWithThings();
    await call('PUT', path, { retrySchedule: [7] });
    for (const [, other] of places.filter(([, own]) => own !== path))
      expect(bodyOf(await call('GET', other))).toEqual({ retrySchedule: null });
  });

  it.each([
    { retrySchedule: [-1] },
    { retrySchedule: [1.5] },
    { retrySchedule: [604_801] },
    { retrySchedule: ['5'] },
    { retrySchedule: Array(21).fill(1) },
    { retrySchedule: null },
    {},
  ])('is refused as %j', async (body) => {
    const { call } = await anApiWithThings();
    expect((await call('PUT', path, body)).statusCode).toBe(422);
    expect(bodyOf(await call('GET', path))).toEqual({ retrySchedule: null });
  });

  it('is changed with a token of the organisation only', async () => {
    const { call } = await anApiWithThings();
    for (const method of ['PUT', 'DELETE'] as const)
      expect((await call(method, path, { retrySchedule: [1] }, ids.application)).statusCode).toBe(403);
  });
});

describe('retry schedules', () => {
  it('are not found for unknown event types, endpoints and applications', async () => {
    const { call } = await anApiWithThings();
    const paths = [
      '/api/v1/event-type/unknown/retry-schedule',
      `/api/v1/app/${ids.application}/endpoint/${nthId('endpoint', 1)}/retry-schedule`,
      `/api/v1/app/${nthId('application', 1)}/endpoint/${ids.endpoint}/retry-schedule`,
    ];
    for (const path of paths)
      for (const method of ['GET', 'PUT', 'DELETE'] as const)
        expect((await call(method, path, { retrySchedule: [1] })).statusCode).toBe(404);
  });

  it('of an endpoint are shown to its application, and kept by every other change of it', async () => {
    const { call, endpoints } = await anApiWithThings();
    await call('PUT', `${endpointPath}/retry-schedule`, { retrySchedule: [3] });
    await call('PUT', endpointPath, { url: 'https://example.com/other' });
    await call('PATCH', endpointPath, { disabled: true });
    await call('PUT', `${endpointPath}/headers`, { headers: { 'x-a': 'b' } });
    const shown = await call('GET', `${endpointPath}/retry-schedule`, undefined, ids.application);
    expect(bodyOf(shown)).toEqual({ retrySchedule: [3] });
    expect(await endpoints.find(ids.application, ids.endpoint)).toMatchObject({ disabled: true, retrySchedule: [3] });
  });
});
