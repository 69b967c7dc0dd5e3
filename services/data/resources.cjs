// serverless.yml includes this file, because Serverless loads only CommonJS. The resources are TypeScript.
module.exports = async ({ resolveVariable }) =>
  require('./resources.ts').dataResources(await resolveVariable('sls:stage'));
