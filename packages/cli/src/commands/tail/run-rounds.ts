import { inParallel } from '../../connection/in-parallel.ts';
import { PassingFailure } from '../../reconnect/send-or-pass.ts';
import type { AttemptRow } from './attempt.ts';
import type { EndpointTail } from './follow-endpoint.ts';

/** When it is quiet, and while attempts are made. */
const quietMs = 2_000;
const busyMs = 250;
/** An application can have many endpoints: a round with all of them takes as long as this for each. */
const perEndpointMs = 40;

/** What one round has found, and how long to wait before the next one. */
export interface Round {
  /** In the order of their times. */
  readonly rows: readonly AttemptRow[];
  /** 0: there is more to read. */
  readonly waitMs: number;
  /** Some endpoints could not be read. Their next step makes up for it. */
  readonly failure?: unknown;
}

/** Makes one read of each endpoint. @param signal - ends the reads */
export async function runRound(endpoints: readonly EndpointTail[], signal?: AbortSignal): Promise<Round> {
  const steps = await inParallel(endpoints, (endpoint) =>
    endpoint.step(signal).catch((failure: unknown) => ({ failure })),
  );
  const read = steps.flatMap((step) => ('failure' in step ? [] : [step]));
  const rows = read
    .flatMap((step) => step.rows)
    .toSorted((one, other) => one.timestamp.localeCompare(other.timestamp) || one.id.localeCompare(other.id));
  const isBehind = read.some((step) => step.isBehind);
  const waitMs = isBehind ? 0 : Math.max(rows.length > 0 ? busyMs : quietMs, endpoints.length * perEndpointMs);
  const failures = steps.flatMap((step) => ('failure' in step ? [step.failure] : []));
  // One that no repetition can change comes first.
  const failure = failures.find((one) => !(one instanceof PassingFailure)) ?? failures[0];
  return { rows, waitMs, ...(failure !== undefined && { failure }) };
}
