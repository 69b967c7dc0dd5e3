import type { ReceivedRequest, Receiver } from '@posthorn/testing';
import type { Svix } from 'svix';
import { followDeliveries, type MissingDelivery } from './check-deliveries.ts';
import type { Posted, Tenant } from './order-traffic.ts';

const maxDetails = 20;
const maxLines = 40;

export interface MissingReport {
  readonly svix: Svix;
  readonly receiver: Receiver;
  readonly posted: readonly Posted[];
  readonly tenants: readonly Tenant[];
  /** All output of the system so far. */
  readonly output: string;
}

/**
 * Describes the deliveries that did not arrive: how many of each endpoint, and of the first ones the requests, the
 * attempts as the API lists them, and what the system printed about them.
 */
export async function describeMissing({ svix, receiver, posted, tenants, output }: MissingReport): Promise<string> {
  const missing = followDeliveries(posted).missing(receiver.requests);
  const counts = Object.entries(Object.groupBy(missing, ({ path }) => path)).map(
    ([path, own = []]) => `${own.length} of ${path}`,
  );
  const lines = output.split('\n');
  const details = [];
  for (const delivery of missing.slice(0, maxDetails))
    details.push(...(await describeDelivery(delivery, { svix, tenants, requests: receiver.requests, lines })));
  return [`${missing.length} deliveries are missing: ${counts.join(', ')}`, ...details].join('\n');
}

interface Sources {
  readonly svix: Svix;
  readonly tenants: readonly Tenant[];
  readonly requests: readonly ReceivedRequest[];
  readonly lines: readonly string[];
}

async function describeDelivery(
  { path, name, posted: { tenant, messageId, orderId, sequence } }: MissingDelivery,
  { svix, tenants, requests, lines }: Sources,
): Promise<readonly string[]> {
  const arrivals = requests
    .filter((request) => request.path === path && request.headers['webhook-id'] === messageId)
    .map(({ arrivedAt }) => arrivedAt.toISOString());
  const { applicationId = '', endpointIds } = tenants[tenant] ?? {};
  const endpointId = endpointIds?.[name] ?? '';
  const attempts = await svix.messageAttempt
    .listByMsg(applicationId, messageId, { endpointId })
    .then(({ data }) => data.map(({ id, timestamp, status }) => `${id} ${timestamp.toISOString()} status ${status}`))
    .catch((error: unknown) => [`not listed: ${error}`]);
  return [
    `- ${path} ${messageId} (order ${orderId}, number ${sequence}, ${endpointId})`,
    `  requests: ${arrivals.join(', ') || 'none'}`,
    `  attempts: ${attempts.join(', ') || 'none'}`,
    ...lines
      .filter((line) => line.includes(messageId) && (line.includes(endpointId) || !line.includes('endpointId')))
      .slice(-maxLines)
      .map((line) => `  | ${line}`),
  ];
}
