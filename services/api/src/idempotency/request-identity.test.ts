import { ids, nthId } from '@posthorn/testing';
import { requestKeyOf } from './request-identity.ts';

describe('the identity of a request', () => {
  const request = {
    operation: 'v1.endpoint.create',
    organisationId: ids.organisation,
    ids: [ids.application, ids.endpoint],
    query: 'a=1&b=2',
    idempotencyKey: 'k',
  };

  it('is the same whatever the order of the query', () => {
    expect(requestKeyOf({ ...request, query: 'b=2&a=1' })).toBe(requestKeyOf(request));
  });

  it.each([
    ['operation', { operation: 'v1.destination.create' }],
    ['organisation', { organisationId: nthId('organisation', 1) }],
    ['thing in the path', { ids: [nthId('application', 1), ids.endpoint] }],
    ['number of things in the path', { ids: [ids.application] }],
    ['query', { query: 'a=1&b=3' }],
    ['key', { idempotencyKey: 'other' }],
  ])('differs for another %s', (_, other) => {
    expect(requestKeyOf({ ...request, ...other })).not.toBe(requestKeyOf(request));
  });
});
