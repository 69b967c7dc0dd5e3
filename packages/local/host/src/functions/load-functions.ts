import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ChangeSource } from '@posthorn/change-events';
import { localStreamArn, tablesOf } from '@posthorn/change-events/file';
import type { FunctionDefinition, ServiceDefinition } from '@posthorn/deployment';
import { functionKey } from '@posthorn/deployment/function-names';
import type { Handler } from 'aws-lambda';

const services = ['api', 'db-triggers', 'queue-workers'];

/** A function of a service, ready to be invoked. */
export interface LoadedFunction {
  readonly service: string;
  /** Its key in serverless.yml: `postMessage`. */
  readonly key: string;
  readonly definition: FunctionDefinition;
  readonly handle: Handler;
}

interface SourceStream {
  readonly tableName: string;
  readonly streamArn: string;
}

/** What `functions.ts` of a service exports. A service that reads the user's tables has the second one. */
interface DefinitionsModule {
  readonly service: ServiceDefinition;
  readonly createService?: (streams: readonly SourceStream[]) => ServiceDefinition;
}

/** Loads the definitions of all services. */
export const loadDefinitions = (
  root: string,
  sources: readonly ChangeSource[] = [],
): Promise<readonly ServiceDefinition[]> => {
  const streams = tablesOf(sources).map(({ tableName }) => ({ tableName, streamArn: localStreamArn(tableName) }));
  return Promise.all(
    services.map(async (name) => {
      const module = (await load(join(root, 'services', name, 'functions.ts'))) as DefinitionsModule;
      return module.createService?.(streams) ?? module.service;
    }),
  );
};

/** What each function's factory gets, and the part of it that decides which functions there are. */
interface Host {
  readonly sources: readonly ChangeSource[];
}

/**
 * Loads every function that the services define, by the path of its folder.
 *
 * @param root - the folder that contains `services`
 * @param host - what each function's factory gets
 * @param adapt - changes it for one function
 */
export async function loadFunctions<Given extends Host>(
  root: string,
  host: Given,
  adapt: (functionKey: string, host: Given) => Given = (_, given) => given,
): Promise<readonly LoadedFunction[]> {
  const definitions = await loadDefinitions(root, host.sources);
  const loaded = services.flatMap((name, index) =>
    Object.entries(definitions[index]?.functions ?? {}).map(async ([folder, definition]) => {
      const module = await load(join(root, 'services', name, 'src', folder, 'create-handler.ts'));
      const { createHandler } = module as { readonly createHandler: (host: object) => Handler };
      const service = definitions[index]?.name ?? name;
      const key = functionKey(folder);
      return { service, key, definition, handle: createHandler(adapt(key, host)) };
    }),
  );
  return Promise.all(loaded);
}

const load = (path: string): Promise<unknown> => import(pathToFileURL(path).href);
