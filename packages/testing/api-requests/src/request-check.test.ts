import { openApiDocument } from '@posthorn/contracts/api/openapi';
import { createRequestCheck } from './request-check.ts';

const reasonToRefuse = createRequestCheck(openApiDocument());

describe('the reason to refuse a request', () => {
  it.each([
    ['v1.application.create', '', '{"name":"a"}'],
    ['v1.application.list', 'limit=1&iterator=&order=ascending&unknown=1', undefined],
    ['v1.message.list', 'event_types=a,b&with_content=true&before=2026-01-01T00:00:00Z', undefined],
  ])('is none for %s with %j and %s', (id, search, body) => {
    expect(reasonToRefuse(id, { search, ...(body !== undefined && { body }) })).toBeUndefined();
  });

  it.each([
    ['v1.application.create', '', '{"name":"\\u0000"}', 'body'],
    ['v1.application.create', '', '{', 'body'],
    ['v1.application.create', '', undefined, 'body'],
    ['v1.application.create', 'get_if_exists=maybe', '{"name":"a"}', 'get_if_exists'],
    ['v1.application.list', 'limit=1e1', undefined, 'limit'],
    ['v1.application.list', 'iterator=a', undefined, 'iterator'],
    ['v1.message.list', 'before=2026-02-30T00:00:00Z', undefined, 'before'],
    ['v1.nothing', '', undefined, 'v1.nothing'],
  ])('is found for %s with %j and %s', (id, search, body, reason) => {
    expect(reasonToRefuse(id, { search, ...(body !== undefined && { body }) })).toContain(reason);
  });
});
