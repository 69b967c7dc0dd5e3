import { join } from 'node:path';
import { streamImports, toServerlessFunctions } from '@posthorn/deployment';
import { functionKey } from '@posthorn/deployment/function-names';
import { readMappings as readTemplate } from '@posthorn/local-cloud/read-mappings';
import { loadDefinitions } from '../functions/load-functions.ts';
import { readMappings } from './read-mappings.ts';

const root = join(import.meta.dirname, '../../../../..');
const stage = 'dev';

it('reads the same mappings as the plugin reads from the templates', async () => {
  const services = await loadDefinitions(root);
  const fromTemplates = services.flatMap((service) =>
    readTemplate(
      Object.entries(toServerlessFunctions(service, stage)).map(([key, { events }]) => ({
        functionKey: key,
        // The templates' own events.
        events: events as never,
      })),
      { imports: streamImports(service, stage), resources: {}, maximumConcurrency: 1_000 },
    ),
  );
  const own = services.flatMap(({ functions }) =>
    readMappings(
      Object.entries(functions).map(([folder, definition]) => ({ key: functionKey(folder), definition })),
      stage,
    ).map(({ mapping }) => mapping),
  );
  expect(own.length).toBeGreaterThan(3);
  expect(own).toEqual(fromTemplates);
});
