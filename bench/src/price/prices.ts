/** AWS's list prices in US dollars: us-east-1, on demand, arm64, no free tier. */
export const prices = {
  region: 'us-east-1',
  /** When they were last compared with the pages in `sources`. */
  asOf: '2026-11',
  /** HTTP API, for each request of up to 512 KB. */
  apiGatewayRequest: 1.0 / 1e6,
  lambdaRequest: 0.2 / 1e6,
  lambdaGbSecond: 0.0000133334,
  writeUnit: 0.625 / 1e6,
  readUnit: 0.125 / 1e6,
  /** For each request of up to 64 KB. */
  queueRequest: 0.4 / 1e6,
  fifoQueueRequest: 0.5 / 1e6,
  kmsRequest: 0.03 / 1e4,
  /** CloudWatch Logs, for what is ingested into the class Standard. */
  logGb: 0.5,
  keptRowGbMonth: 0.25,
  /** To the internet. The first 100 GB of an account and month are free. */
  trafficOutGb: 0.09,
  sources: [
    'https://aws.amazon.com/api-gateway/pricing/',
    'https://aws.amazon.com/lambda/pricing/',
    'https://aws.amazon.com/dynamodb/pricing/on-demand/',
    'https://aws.amazon.com/sqs/pricing/',
    'https://aws.amazon.com/kms/pricing/',
    'https://aws.amazon.com/cloudwatch/pricing/',
    'https://aws.amazon.com/ec2/pricing/on-demand/#Data_Transfer',
  ],
} as const;
