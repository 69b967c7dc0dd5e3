// Serverless variables load CommonJS; the resources themselves are TypeScript.
module.exports = async ({ resolveVariable }) =>
  require('./resources.ts').apiResources(await resolveVariable('sls:stage'));
