// Where the npm package with Amazon's DynamoDB Local was installed.
const path = require('node:path');

module.exports = () => path.join(path.dirname(require.resolve('amplify-dynamodb-simulator/package.json')), 'emulator');
