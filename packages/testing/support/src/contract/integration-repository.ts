import type { IntegrationRepository } from '@posthorn/core';
import { ids, nthId, secondsLater } from '../builders/ids.ts';
import { anIntegration } from '../builders/token.ts';
import { describePaging } from './paging-promises.ts';

/** What every repository of integrations promises. Each test gets an empty one. */
export function describeIntegrationRepository(name: string, create: () => Promise<IntegrationRepository>): void {
  describe(`integrations ${name}`, () => {
    it('finds an integration with all its fields, in its application only', async () => {
      const integrations = await create();
      const key = { keyId: ids.token, keyMadeAt: secondsLater(8), endedKeyIds: [nthId('token', 1)] };
      const integration = anIntegration({ featureFlags: ['beta'], ...key, updatedAt: secondsLater(9) });
      expect(await integrations.insert(integration)).toBe('inserted');
      expect(await integrations.insert({ ...integration, name: 'Other' })).toBe('exists');
      expect(await integrations.find(ids.application, ids.integration)).toEqual(integration);
      expect(await integrations.find(nthId('application', 1), ids.integration)).toBeUndefined();
    });

    it('makes each change once, and none of a deleted integration', async () => {
      const integrations = await create();
      const first = anIntegration();
      await integrations.insert(first);
      const next = { ...first, name: 'Other', keyId: ids.token };
      const answers = await Promise.all([integrations.update(next, first), integrations.update(next, first)]);
      expect(answers.toSorted()).toEqual(['stale', 'updated']);
      expect(await integrations.find(ids.application, ids.integration)).toEqual({ ...next, revision: 2 });
      await integrations.delete(ids.application, ids.integration);
      await integrations.delete(ids.application, ids.integration);
      expect(await integrations.update(next, { ...next, revision: 2 })).toBe('stale');
      expect(await integrations.find(ids.application, ids.integration)).toBeUndefined();
    });

    describePaging(async () => {
      const integrations = await create();
      const rows = [1, 2, 3, 4, 5, 6].map((n) => anIntegration({ integrationId: nthId('integration', n) }));
      for (const row of rows) await integrations.insert(row);
      await integrations.insert(anIntegration({ applicationId: nthId('application', 1) }));
      return {
        list: (page) => integrations.list(ids.application, { ...page, order: 'ascending' }),
        keyOf: ({ integrationId }) => integrationId,
        rows,
      };
    });
  });
}
