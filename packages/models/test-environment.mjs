/** The environment of the AWS client in tests: the address of the store, and dummy keys. */
export const setStoreEnvironment = (endpoint) =>
  Object.assign(process.env, {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_ENDPOINT_URL_DYNAMODB: endpoint,
  });
