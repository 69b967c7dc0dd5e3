import { allOperations } from './all-operations.ts';
import { openApiDocument } from './openapi.ts';

const document = openApiDocument();
const served = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
);

describe('the OpenAPI document', () => {
  it('is JSON', () => expect(JSON.parse(JSON.stringify(document))).toEqual(document));

  it('describes every operation, and nothing else', () => {
    const expected = Object.values(allOperations).map(({ method, path }) => `${method} ${path}`);
    expect(served.map(({ method, path }) => `${method} ${path}`).sort()).toEqual(expected.sort());
  });

  it('gives every operation an id of its own', () => {
    const ids = served.map(({ operation }) => operation.operationId);
    expect(ids.sort()).toEqual(Object.keys(allOperations).sort());
  });

  it('refers only to schemas that it has', () => {
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)];
    const names = Object.keys(document.components.schemas);
    expect(references.map(([, name]) => name).filter((name) => !names.includes(name ?? ''))).toEqual([]);
  });

  it('requires a token for every operation that needs one', () => {
    const open = served.filter(({ operation }) => JSON.stringify(operation.security) === '[]').map(({ path }) => path);
    expect(new Set(open)).toEqual(
      new Set(['/api/v1/health', '/api/v1/health/live', '/api/v1/openapi.json', '/docs', '/']),
    );
  });

  it('names the parameters of every path', () => {
    const patched = document.paths['/api/v1/app/{app_id}/endpoint/{endpoint_id}']?.patch;
    expect(patched?.parameters).toMatchObject([{ name: 'app_id' }, { name: 'endpoint_id' }]);
  });

  it('lists every component, with a reference to each component inside it', () => {
    const names = Object.keys(document.components.schemas);
    expect(names).toEqual(expect.arrayContaining(['ApplicationIn', 'EndpointUpdate', 'MessageIn', 'HttpErrorOut']));
    const list = document.components.schemas.ListResponse_EndpointOut_;
    expect(list).toMatchObject({ properties: { data: { items: { $ref: '#/components/schemas/EndpointOut' } } } });
  });

  it('says that a message has one time of retention', () => {
    const given = (name: string) => ({ properties: { [name]: { type: 'integer' } }, required: [name] });
    expect(document.components.schemas.MessageIn).toMatchObject({
      not: { allOf: [given('payloadRetentionPeriod'), given('payloadRetentionHours')] },
    });
  });

  it('requires every field of an answer that strict SDKs need', () => {
    const required = (name: string) => (document.components.schemas[name] as { required: string[] }).required;
    expect(required('EndpointStats')).toEqual(
      expect.arrayContaining(['success', 'pending', 'sending', 'fail', 'canceled']),
    );
    expect(required('DestinationOut')).toEqual(expect.arrayContaining(['failureReason', 'nextRetryAt']));
  });
});
