import { defineOperations } from '@posthorn/contracts/api/operation';
import * as z from 'zod/mini';
import { aRequest } from '../fixtures/a-request.ts';
import { anApi } from '../fixtures/an-api.ts';
import { json } from '../http/answer.ts';
import { createApi } from './create-api.ts';

const contract = {
  method: 'GET',
  path: '/api/v1/thing',
  access: 'organisation',
  summary: 'Get a thing',
  query: z.object({ limit: z.optional(z.enum(['1'])) }),
  answers: { 200: z.object({}) },
} as const;

const operations = defineOperations('things', {
  'v1.thing.get': { ...contract, path: '/api/v1/new-thing' },
  'v1.thing.get-old': {
    ...contract,
    deprecated: { since: '2026-01-31', sunset: '2026-12-31', instead: 'Use `GET /api/v1/new-thing`.' },
  },
});

async function headersOf(path: string, search = '') {
  const api = anApi();
  const get = async () => json(200, {});
  const serve = createApi(api, operations, { 'v1.thing.get': get, 'v1.thing.get-old': get });
  const { statusCode, headers } = await serve(aRequest({ path, search }), api.context);
  return { statusCode, headers };
}

const announcement = { deprecation: '@1769817600', sunset: 'Thu, 31 Dec 2026 00:00:00 GMT' };

describe('a deprecated operation', () => {
  it('says since when, and when it ends, whatever the answer is', async () => {
    expect(await headersOf('/api/v1/thing')).toMatchObject({ statusCode: 200, headers: announcement });
    expect(await headersOf('/api/v1/thing', 'limit=x')).toMatchObject({ statusCode: 400, headers: announcement });
  });

  it('lets pages of any origin read that', async () => {
    const { headers } = await headersOf('/api/v1/thing');
    expect(headers).toMatchObject({ 'access-control-expose-headers': '*' });
  });

  it('says nothing about the others', async () => {
    const { statusCode, headers } = await headersOf('/api/v1/new-thing');
    expect([statusCode, Object.keys(headers ?? {})]).toEqual([200, expect.not.arrayContaining(['deprecation'])]);
  });
});
