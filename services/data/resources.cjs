// Serverless variables load CommonJS; the resources themselves are TypeScript.
module.exports = async ({ resolveVariable }) =>
  require('./resources.ts').dataResources(await resolveVariable('sls:stage'));
