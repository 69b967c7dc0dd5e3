// serverless.yml includes this file, because Serverless loads only CommonJS. The definitions are TypeScript.
const { streamImports, toServerlessFunctions, toServiceResources } = require('@posthorn/deployment');
const { service } = require('./functions.ts');

module.exports = async ({ resolveVariable }) => {
  const stage = await resolveVariable('sls:stage');
  return {
    functions: toServerlessFunctions(service, stage),
    resources: toServiceResources(service, stage),
    imports: streamImports(service, stage),
  };
};
