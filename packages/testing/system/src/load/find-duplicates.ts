import type { ReceivedRequest } from '@posthorn/testing';
import { endpointNames, failsFirst, type Posted } from './order-traffic.ts';

/** A request for a delivery that an earlier request had already ended, with the time of that request. */
export interface Duplicate {
  readonly path: string;
  readonly endedAt: Date;
  readonly repeatedAt: Date;
}

export function findDuplicates(requests: readonly ReceivedRequest[], posted: readonly Posted[]): readonly Duplicate[] {
  const sequences = new Map(posted.map(({ messageId, sequence }) => [messageId, sequence]));
  const arrivals = new Map<string, Date[]>();
  const duplicates: Duplicate[] = [];
  for (const { path, headers, arrivedAt } of requests) {
    const messageId = String(headers['webhook-id']);
    const earlier = arrivals.get(`${path} ${messageId}`) ?? [];
    const name = endpointNames.find((one) => path.endsWith(`/${one}`));
    const isRepeated = name !== undefined && failsFirst(name, { sequence: sequences.get(messageId) ?? 0 });
    const endedAt = earlier[isRepeated ? 1 : 0];
    if (endedAt) duplicates.push({ path, endedAt, repeatedAt: arrivedAt });
    arrivals.set(`${path} ${messageId}`, [...earlier, arrivedAt]);
  }
  return duplicates;
}
