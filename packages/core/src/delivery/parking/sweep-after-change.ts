import type { RowChange } from '../../batch/row-change.ts';
import type { Endpoint } from '../../endpoint/endpoint.ts';
import type { GroupsSweep } from './group-command.ts';

/**
 * The sweep of an endpoint's groups that a change of its row asks for: after it was enabled they go on, and after it was
 * deleted their deliveries end.
 */
export function sweepAfterChange(change: RowChange<Endpoint>): GroupsSweep | undefined {
  if (change.kind === 'inserted') return undefined;
  const isEnabled = change.kind === 'updated' && change.old.disabled && !change.new.disabled;
  const { organisationId, applicationId, endpointId, order } = change.old;
  if (!order || !(isEnabled || change.kind === 'removed')) return undefined;
  const sweep = { organisationId, applicationId, endpointId, requestedAt: change.changedAt };
  return change.kind === 'removed' ? { ...sweep, looksAgain: true } : sweep;
}
