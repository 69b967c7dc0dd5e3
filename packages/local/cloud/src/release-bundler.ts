import { stop } from 'esbuild';

/**
 * A Serverless plugin for services that serverless-esbuild bundles. Under `serverless offline` it stops the process of
 * esbuild after bundling, because that keeps 100 to 500 MB. When a source file changes, the process is started again.
 * List the plugin after serverless-esbuild, with its `skipRebuild` set. It is a class because Serverless calls `new`.
 */
export default class ReleaseBundlerPlugin {
  // `serverless offline` and `serverless offline start` have hooks of different names.
  readonly hooks = { 'offline:start': stop, 'offline:start:init': stop };
}
