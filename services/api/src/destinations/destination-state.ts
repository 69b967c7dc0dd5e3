import type { DestinationOut } from '@posthorn/contracts/api/destination';
import type { Endpoint, StoredGroup } from '@posthorn/core';
import { type GroupsSummary, type ReadGroupsDeps, summarizeGroups } from './read-groups.ts';

/** What a destination does, as its groups say. */
export type DestinationState = Pick<DestinationOut, 'status' | 'failureReason' | 'nextRetryAt'>;

/** Says what a destination does: `paused` if a group is blocked, `retrying` if one waits for a retry. */
export async function readState(
  groups: ReadGroupsDeps,
  { endpointId, disabled }: Destination,
): Promise<DestinationState> {
  const [summary] = await summarizeGroups(groups, disabled ? [] : [endpointId]);
  return toState(summary);
}

type Destination = Pick<Endpoint, 'endpointId' | 'disabled'>;

/** Says what each of some destinations does. Together, they read no more groups than one of them alone. */
export async function readStates<One extends Destination>(
  groups: ReadGroupsDeps,
  destinations: readonly One[],
): Promise<readonly { readonly destination: One; readonly state: DestinationState }[]> {
  const enabled = destinations.filter(({ disabled }) => !disabled).map(({ endpointId }) => endpointId);
  const summaries = await summarizeGroups(groups, enabled);
  const byId = new Map(enabled.map((endpointId, index) => [endpointId, summaries[index]]));
  return destinations.map((destination) => ({ destination, state: toState(byId.get(destination.endpointId)) }));
}

const disabledState: DestinationState = { status: 'disabled', failureReason: null, nextRetryAt: null };

function toState(summary: GroupsSummary | undefined): DestinationState {
  if (summary === undefined) return disabledState;
  const { oldestBlocked: blocked, nextRetryAt: next } = summary;
  const nextRetryAt = next?.toISOString() ?? null;
  if (blocked) return { status: 'paused', failureReason: `${blocked.head}: ${whyOf(blocked)}`, nextRetryAt };
  return { status: next ? 'retrying' : 'enabled', failureReason: null, nextRetryAt };
}

const whyOf = ({ reason, detail }: Pick<StoredGroup, 'reason' | 'detail'>): string =>
  detail === undefined ? texts[reason] : `${texts[reason]}: ${detail}`;

const texts: Readonly<Record<StoredGroup['reason'], string>> = {
  retry: 'waits for a retry',
  scheduled: 'waits for its planned time',
  throttled: 'waits for its turn',
  'endpoint-slow': 'waits for its turn, because the destination is slow',
  'endpoint-failing': 'waits until the destination has recovered',
  resumed: 'is attempted now',
  exhausted: 'all retries failed',
  'message-expired': 'the message has expired or was expunged',
  'endpoint-disabled': 'the destination was disabled',
  unusable: 'its stored data cannot be used',
  fault: 'failed by an error in Posthorn itself',
};
