import type { Delivery, GroupCommand, GroupsSweep, Wake } from '@posthorn/core';
import * as z from 'zod/mini';
import { commandJob, readCommandJob } from './command-job.ts';
import { deliveryJob, readDeliveryJob } from './delivery-job.ts';
import { readSweepJob, sweepJob } from './sweep-job.ts';
import { readWakeJob, wakeJob } from './wake-job.ts';

/** What the text of an entry of a delivery queue says, or the reason why it cannot be read. */
export type ParsedJob =
  | { readonly kind: 'delivery'; readonly delivery: Delivery }
  | { readonly kind: 'wake'; readonly wake: Wake }
  | { readonly kind: 'command'; readonly command: GroupCommand }
  | { readonly kind: 'sweep'; readonly sweep: GroupsSweep }
  | { readonly kind: 'refused'; readonly reason: string };

/** Reads the text of a queue entry. A delivery has no kind: the versions before knew nothing else. */
export function parseJob(text: string): ParsedJob {
  const json = parseJson(text);
  const kind = kindOf(json);
  if (kind === 'wake') {
    const wake = z.safeParse(wakeJob, json);
    return wake.success
      ? { kind, wake: readWakeJob(wake.data) }
      : { kind: 'refused', reason: reasonOf('wake', wake.error.issues) };
  }
  if (kind === 'command') {
    const command = z.safeParse(commandJob, json);
    return command.success
      ? { kind, command: readCommandJob(command.data) }
      : { kind: 'refused', reason: reasonOf('command', command.error.issues) };
  }
  if (kind === 'sweep') {
    const sweep = z.safeParse(sweepJob, json);
    return sweep.success
      ? { kind, sweep: readSweepJob(sweep.data) }
      : { kind: 'refused', reason: reasonOf('sweep', sweep.error.issues) };
  }
  if (kind !== undefined) return { kind: 'refused', reason: 'not a job: its kind is unknown' };
  const parsed = z.safeParse(deliveryJob, json);
  return parsed.success
    ? { kind: 'delivery', delivery: readDeliveryJob(parsed.data) }
    : { kind: 'refused', reason: reasonOf('delivery', parsed.error.issues) };
}

/** Returns the application and the endpoint of a job, without the cost of checking the other fields. */
export function ownerOfJob(text: string): Pick<Delivery, 'applicationId' | 'endpointId'> | undefined {
  const job: unknown = parseJson(text);
  if (typeof job !== 'object' || job === null || !('applicationId' in job) || !('endpointId' in job)) return undefined;
  const { applicationId, endpointId } = job;
  return typeof applicationId === 'string' && typeof endpointId === 'string'
    ? { applicationId, endpointId }
    : undefined;
}

const kindOf = (json: unknown): unknown =>
  typeof json === 'object' && json !== null && 'kind' in json ? json.kind : undefined;

/** Names the fields only: the text may be anything. */
function reasonOf(kind: string, issues: readonly { readonly path: readonly PropertyKey[] }[]): string {
  const fields = [...new Set(issues.map(({ path }) => path.map(String).join('.')))].filter((field) => field !== '');
  return fields.length === 0 ? `not a ${kind} job` : `not a ${kind} job: invalid ${fields.join(', ')}`;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON: the schema refuses `undefined` too.
    return undefined;
  }
}
