import { Agent, request } from 'node:http';

type Answer = Readonly<Record<string, unknown>>;

/** A minimal DynamoDB client, so that the measurement shows the speed of the store and not of the client. */
export interface LeanClient {
  call(operation: string, body: object): Promise<Answer>;
  stop(): void;
}

const services = { DynamoDB: 'DynamoDB_20120810', Streams: 'DynamoDBStreams_20120810' };
const streamOperations = new Set(['DescribeStream', 'GetShardIterator', 'GetRecords']);

/** Local stores check only the form of a signature. */
const authorization =
  'AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=00';

export function createLeanClient(endpoint: string, connections: number): LeanClient {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const { hostname, port } = new URL(endpoint);
  const call = (operation: string, body: object): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const text = JSON.stringify(body);
      const service = streamOperations.has(operation) ? services.Streams : services.DynamoDB;
      const headers = {
        authorization,
        'x-amz-date': '20260101T000000Z',
        'x-amz-target': `${service}.${operation}`,
        'content-type': 'application/x-amz-json-1.0',
        'content-length': Buffer.byteLength(text),
      };
      const sent = request({ hostname, port, method: 'POST', agent, headers }, (response) => {
        let answer = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => {
          answer += chunk;
        });
        response.on('error', reject);
        response.on('end', () => {
          if (response.statusCode === 200) resolve(JSON.parse(answer));
          else reject(new Error(`${operation}: ${answer}`));
        });
      });
      sent.on('error', reject);
      sent.end(text);
    });
  return { call, stop: () => agent.destroy() };
}
