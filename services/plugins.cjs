// The plugins of a service. Each command of Serverless gets only those that it needs, since loading them takes time.
const { isOffline } = require('../packages/local/cloud/src/join/offline-stage.ts');

module.exports = () =>
  isOffline()
    ? ['@posthorn/local-cloud/offline-bundler', '@posthorn/local-cloud/plugin', 'serverless-offline']
    : ['serverless-esbuild'];
