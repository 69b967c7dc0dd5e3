import { allOperations } from '../api/all-operations.ts';
import { readSdk } from './read-sdk.ts';
import { sdkMethods } from './sdk-methods.ts';
import { sdkOperationIds, toRoute } from './sdk-operations.ts';

describe('the methods of the svix package', () => {
  it('are those of the installed version, with their requests', async () => {
    const sdk = await readSdk();
    const actual = [...sdk].map(([name, { method, path }]) => `${name}: ${method} ${path}`);
    const listed = Object.entries(sdkMethods).map(([name, request]) => `${name}: ${toRoute(request)}`);
    expect(listed.toSorted()).toEqual(actual.toSorted());
    expect(listed).toHaveLength(140);
  });

  it('are read with what they send', async () => {
    const sdk = await readSdk();
    expect(sdk.get('endpoint.getStats')?.query).toEqual(['since', 'until']);
    expect(sdk.get('endpoint.transformation.patch')).toEqual({
      method: 'PATCH',
      path: '/api/v1/app/{}/endpoint/{}/transformation',
      query: [],
      fields: ['code', 'enabled', 'variables'],
    });
  });

  it('know which operations they call', () => {
    const called = sdkOperationIds(Object.values(allOperations));
    expect(called).toEqual(expect.arrayContaining(['v1.application.create', 'v1.health.get']));
    expect(called).not.toContain('v1.retry-schedule.get');
  });
});
