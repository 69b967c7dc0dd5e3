// What the local event sources take the exports of services/data for: the tables whose streams they are.
module.exports = async ({ resolveVariable }) =>
  require('./resources.ts').streamImports(await resolveVariable('sls:stage'));
