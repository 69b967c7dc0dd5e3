import { stop } from 'esbuild';
import { createExternalPackages } from './external-packages.ts';

/** The part of Serverless that this plugin uses. */
interface Serverless {
  readonly service: { readonly custom?: Readonly<Record<string, unknown>> };
  readonly processedInput: { readonly commands: readonly string[] };
}

/** Packages are imported as Node.js resolves them. The bundles are modules, as the sources are. */
const quickBundles = {
  minify: false,
  format: 'esm',
  outputFileExtension: '.mjs',
  mainFields: ['main'],
  plugins: [createExternalPackages()],
  // Functions that run in the process of serverless-offline keep their first code, so bundling again would be useless.
  watch: { pattern: [], ignore: [] },
};

/**
 * A Serverless plugin for services that serverless-esbuild bundles. It changes `serverless offline` only:
 *
 * - Bundles contain the code of the repository, without packages of `node_modules`, so that a service starts quickly.
 * - After bundling, the process of esbuild is stopped, because it keeps 100 to 500 MB.
 *
 * List the plugin after serverless-esbuild, with its `skipRebuild` set. It is a class because Serverless calls `new`.
 */
export default class ReleaseBundlerPlugin {
  // `serverless offline` and `serverless offline start` have hooks of different names.
  readonly hooks = { 'offline:start': stop, 'offline:start:init': stop };

  constructor({ service, processedInput }: Serverless) {
    const bundling = service.custom?.esbuild;
    if (processedInput.commands[0] !== 'offline' || typeof bundling !== 'object') return;
    // Serverless sets `service.custom` once more, to the same object. Then serverless-esbuild reads it.
    Object.assign(bundling as object, quickBundles);
  }
}
