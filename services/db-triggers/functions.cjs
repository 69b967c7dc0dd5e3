// serverless.yml includes this file, because Serverless loads only CommonJS. The definitions are TypeScript.
const { streamImports, toServerlessFunctions, toServiceResources } = require('@posthorn/deployment');
const { isOffline } = require('../../packages/local/cloud/src/join/offline-stage.ts');
const { createService } = require('./functions.ts');
const { readStageSources } = require('./source-streams.ts');

module.exports = async ({ resolveVariable }) => {
  const stage = await resolveVariable('sls:stage');
  const { sources, streams } = await readStageSources({ stage, isOffline: isOffline(), environment: process.env });
  const service = createService(streams);
  return {
    functions: toServerlessFunctions(service, stage),
    resources: toServiceResources(service, stage),
    imports: streamImports(service, stage),
    // The sources are part of the bundle: an environment variable has at most 4 KB.
    esbuild: {
      ...(await resolveVariable('file(../esbuild.yml)')),
      define: { POSTHORN_BUNDLED_SOURCES: JSON.stringify(sources) },
    },
  };
};
