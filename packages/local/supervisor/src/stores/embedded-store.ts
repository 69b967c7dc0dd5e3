import { join } from 'node:path';
import type { ProcessDefinition } from '../processes/supervised-process.ts';
import type { EmbeddedStoreOptions } from './embedded-store-options.ts';

const script = join(import.meta.dirname, 'embedded-store-process.ts');

/** Defines the process of the embedded store. */
export const embeddedStoreProcess = (
  options: EmbeddedStoreOptions,
): Pick<ProcessDefinition, 'name' | 'args' | 'cwd' | 'env'> => ({
  name: 'dynamodb',
  args: [script, JSON.stringify(options)],
  cwd: import.meta.dirname,
  env: { ...process.env, NODE_OPTIONS: '--disable-warning=ExperimentalWarning' },
});
