/** What the AWS client of a test finds in its environment: the store at an address, and keys that mean nothing. */
export const setStoreEnvironment = (endpoint) =>
  Object.assign(process.env, {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_ENDPOINT_URL_DYNAMODB: endpoint,
  });
