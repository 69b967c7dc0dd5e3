import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { SqsFailure } from '../operations/failure.ts';

/** Codes of SQS's older protocol, which SDKs read from a header. */
const olderCodes: Readonly<Record<string, string>> = {
  QueueDoesNotExist: 'AWS.SimpleQueueService.NonExistentQueue',
  QueueNameExists: 'QueueAlreadyExists',
};
const withPrefix = new Set([
  'BatchEntryIdsNotDistinct',
  'BatchRequestTooLong',
  'EmptyBatchRequest',
  'InvalidBatchEntryId',
  'MessageNotInflight',
  'TooManyEntriesInBatchRequest',
  'UnsupportedOperation',
]);

const olderCodeOf = (code: string): string =>
  olderCodes[code] ?? (withPrefix.has(code) ? `AWS.SimpleQueueService.${code}` : code);

export function sendOutput(response: ServerResponse, output: object): void {
  sendJson(response, 200, JSON.stringify(output, bytesToBase64));
}

export function sendFailure(response: ServerResponse, { name, message, $fault, $metadata }: SqsFailure): void {
  response.setHeader('x-amzn-query-error', `${olderCodeOf(name)};${$fault === 'client' ? 'Sender' : 'Receiver'}`);
  sendJson(response, $metadata.httpStatusCode, JSON.stringify({ __type: `com.amazonaws.sqs#${name}`, message }));
}

function sendJson(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, {
    'content-type': 'application/x-amz-json-1.0',
    'content-length': Buffer.byteLength(body),
    'x-amzn-requestid': randomUUID(),
  });
  response.end(body);
}

/** Called with the object of each value, which still has the bytes. */
function bytesToBase64(this: Readonly<Record<string, unknown>>, key: string, value: unknown): unknown {
  const original = this[key];
  return original instanceof Uint8Array ? Buffer.from(original).toString('base64') : value;
}
