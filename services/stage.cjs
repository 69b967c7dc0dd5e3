// The stage of a service. Under `serverless offline` it is the stage of the local cloud that runs: docs/development.md.
const { join, resolve } = require('node:path');
const { offlineStage } = require('../packages/local/cloud/src/join/offline-stage.ts');

module.exports = () => {
  const folder = process.env.POSTHORN_DATA_DIR || join(__dirname, '../.posthorn');
  return offlineStage(join(resolve(folder), 'local-cloud.json'), 'dev');
};
