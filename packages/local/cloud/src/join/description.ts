/** What a local cloud writes about itself into a file. A service under `serverless offline` joins it with that. */
export interface CloudDescription {
  /** The stage in the names of its tables and queues. */
  readonly stage: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** The key of services that belong to the cloud, if it is another one. */
  readonly system?: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** Endpoint of DynamoDB and its streams. */
  readonly dynamodb: string;
  readonly sqs: string;
  /** Where the checkpoints of streams are kept. Without it, each service keeps its own. */
  readonly checkpoints?: { readonly url: string; readonly token: string };
  /** More variables for the functions of the services. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Names of the services (`service` in serverless.yml) whose queues, streams and schedules are served already. */
  readonly runs?: readonly string[];
}

/**
 * Returns the variables with which the processes of a service use the cloud.
 *
 * @param own - variables that the caller has set. They win over those for the functions, and never over those of AWS.
 */
export const environmentOf = (
  cloud: CloudDescription,
  own: Readonly<Record<string, string | undefined>> = {},
): Readonly<Record<string, string>> => ({
  ...Object.fromEntries(Object.entries(cloud.environment ?? {}).map(([name, value]) => [name, own[name] || value])),
  AWS_REGION: cloud.region,
  AWS_ACCESS_KEY_ID: (cloud.system ?? cloud).accessKeyId,
  AWS_SECRET_ACCESS_KEY: (cloud.system ?? cloud).secretAccessKey,
  AWS_ENDPOINT_URL_DYNAMODB: cloud.dynamodb,
  AWS_ENDPOINT_URL_SQS: cloud.sqs,
  ...(cloud.checkpoints && {
    EVENT_SOURCE_CHECKPOINTS: cloud.checkpoints.url,
    EVENT_SOURCE_CHECKPOINTS_TOKEN: cloud.checkpoints.token,
  }),
});
