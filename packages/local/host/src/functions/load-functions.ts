import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
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

/** Loads the definitions of all services. */
export const loadDefinitions = (root: string): Promise<readonly ServiceDefinition[]> =>
  Promise.all(
    services.map(async (name) => {
      const module = await load(join(root, 'services', name, 'functions.ts'));
      return (module as { readonly service: ServiceDefinition }).service;
    }),
  );

/**
 * Loads every function that the services define, by the path of its folder.
 *
 * @param root - the folder that contains `services`
 * @param host - what each function's factory gets
 */
export async function loadFunctions(root: string, host: object): Promise<readonly LoadedFunction[]> {
  const definitions = await loadDefinitions(root);
  const loaded = services.flatMap((name, index) =>
    Object.entries(definitions[index]?.functions ?? {}).map(async ([folder, definition]) => {
      const module = await load(join(root, 'services', name, 'src', folder, 'create-handler.ts'));
      const { createHandler } = module as { readonly createHandler: (host: object) => Handler };
      const service = definitions[index]?.name ?? name;
      return { service, key: functionKey(folder), definition, handle: createHandler(host) };
    }),
  );
  return Promise.all(loaded);
}

const load = (path: string): Promise<unknown> => import(pathToFileURL(path).href);
