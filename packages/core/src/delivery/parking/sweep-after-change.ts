import type { RowChange } from '../../batch/row-change.ts';
import type { Endpoint } from '../../endpoint/endpoint.ts';
import type { GroupsSweep } from './group-command.ts';

/**
 * The sweep of an endpoint's groups that a change of its row asks for: after it was enabled they go on, and after it was
 * deleted their deliveries end. An endpoint that left FIFO mode can still have groups. If exhausted heads no longer block,
 * those groups go on without them. Only attempts to a destination block groups behind a sweep, so only there a second one comes.
 */
export function sweepAfterChange(change: RowChange<Endpoint>): GroupsSweep | undefined {
  if (change.kind === 'inserted') return undefined;
  const { organisationId, applicationId, endpointId } = change.old;
  const sweep = { organisationId, applicationId, endpointId, requestedAt: change.changedAt };
  if (change.kind === 'removed') return { ...sweep, ...(change.old.order && { looksAgain: true }) };
  if (change.old.disabled && !change.new.disabled) return sweep;
  return blocks(change.old) && !blocks(change.new) ? { ...sweep, endsBlocks: true, looksAgain: true } : undefined;
}

const blocks = ({ order }: Endpoint): boolean => order?.onExhausted === 'block';
