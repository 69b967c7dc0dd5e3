import { stop } from 'esbuild';

/**
 * A Serverless plugin for services that serverless-esbuild bundles: under `serverless offline`, esbuild's process is let
 * go of once the bundles are there, since it keeps 100 to 500 MB. When a source file changes, it is started again. List it
 * behind serverless-esbuild, whose `skipRebuild` must be set. (A class, since Serverless constructs it.)
 */
export default class ReleaseBundlerPlugin {
  // `serverless offline` and `serverless offline start` have hooks of different names.
  readonly hooks = { 'offline:start': stop, 'offline:start:init': stop };
}
