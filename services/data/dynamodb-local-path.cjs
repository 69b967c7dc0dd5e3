// The folder of the npm package that contains Amazon's DynamoDB Local.
const path = require('node:path');

module.exports = () => path.join(path.dirname(require.resolve('amplify-dynamodb-simulator/package.json')), 'emulator');
