import { ChangeMessageVisibilityBatchCommand, SetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { FauxqsServer } from 'fauxqs';
import { type LocalQueue, toAttributes } from './queue-attributes.ts';

export interface KeptQueuesDeps {
  readonly server: Pick<FauxqsServer, 'inspectQueue'>;
  readonly endpoint: string;
  readonly region: string;
  readonly releaseInFlight: boolean;
}

/** The most entries in one request to SQS. */
const maxEntries = 10;

/** SQS's defaults for attributes that a definition does not name. An empty redrive policy means none. */
const defaultAttributes = {
  VisibilityTimeout: '30',
  MessageRetentionPeriod: '345600',
  DelaySeconds: '0',
  RedrivePolicy: '',
};

/**
 * Sets the attributes of existing queues to their current definition. With `releaseInFlight`, shows messages in flight
 * again.
 */
export async function bringUpToDate(queues: readonly LocalQueue[], deps: KeptQueuesDeps): Promise<void> {
  const { endpoint, region } = deps;
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new SQSClient({ endpoint, region, credentials, useQueueUrlAsEndpoint: false });
  try {
    for (const queue of queues) await bringQueueUpToDate(queue, client, deps);
  } finally {
    client.destroy();
  }
}

async function bringQueueUpToDate(queue: LocalQueue, client: SQSClient, deps: KeptQueuesDeps): Promise<void> {
  const kept = deps.server.inspectQueue(queue.name);
  if (kept === undefined) return;
  const wanted: Readonly<Record<string, string>> = {
    ...defaultAttributes,
    ...(queue.fifo === true ? { ContentBasedDeduplication: 'false' } : {}),
    ...toAttributes(queue, deps.region),
  };
  const changed = Object.entries(wanted).filter(([name, value]) => (kept.attributes[name] ?? '') !== value);
  if (changed.length > 0)
    await client.send(new SetQueueAttributesCommand({ QueueUrl: kept.url, Attributes: Object.fromEntries(changed) }));
  if (!deps.releaseInFlight) return;
  const handles = kept.messages.inflight.map(({ receiptHandle }) => receiptHandle);
  for (let start = 0; start < handles.length; start += maxEntries) {
    const Entries = handles
      .slice(start, start + maxEntries)
      .map((ReceiptHandle, index) => ({ Id: String(index), ReceiptHandle, VisibilityTimeout: 0 }));
    await client.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl: kept.url, Entries }));
  }
}
