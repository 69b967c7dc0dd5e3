import type { environmentOperations } from '@posthorn/contracts/api/environment';
import { json, noContent, unstored } from '../../http/answer.ts';
import type { Operates } from '../../operations/operate.ts';
import { createEnvironmentExporter, type ExportEnvironmentDeps } from './export-environment.ts';
import { createEnvironmentImporter, type ImportEnvironmentDeps } from './import-environment.ts';

export type EnvironmentDeps = ExportEnvironmentDeps & ImportEnvironmentDeps;

/** What an organisation has set up, as one document. */
export function operateEnvironment(deps: EnvironmentDeps) {
  const exportAll = createEnvironmentExporter(deps);
  const importAll = createEnvironmentImporter(deps);
  return {
    'v1.environment.export': async ({ caller: { organisationId } }) => ({
      ids: [],
      // It can be too long to be stored, and it changes nothing.
      operate: async ({ now }) => unstored(json(200, await exportAll(organisationId, now))),
    }),
    'v1.environment.import': async ({ caller: { organisationId } }) => ({
      ids: [],
      operate: async ({ body: input, now }) => {
        await importAll({ organisationId, input, now });
        return noContent();
      },
    }),
  } satisfies Operates<typeof environmentOperations>;
}
