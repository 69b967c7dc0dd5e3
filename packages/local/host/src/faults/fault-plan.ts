import { readFileSync } from 'node:fs';
import type { FaultRule } from '@posthorn/local-dynamodb';
import type { FaultPlan } from '@posthorn/local-event-sources';

/** Where a function can be interrupted: when it is invoked, and at each call that it makes. */
export type Gate = 'invoke' | 'tables' | 'queues' | 'request';

/** A point in the work of a function. A part that is absent matches everything. */
export interface Point {
  /** `invoke`: its invocation. `request`: a request to an endpoint. */
  readonly gate: Gate;
  /** `during` is only for requests: the request was sent, and its answer has not been read. */
  readonly when: 'before' | 'during' | 'after';
  /** The key of the function, such as `deliverStandard`. Absent for requests. */
  readonly function?: string;
  /** Such as `PutItem`. */
  readonly operation?: string;
  /** The name of a table or queue. */
  readonly target?: string;
  /**
   * One word of what is written: the kind of a row or of a job, the reason in a row, a text that an update sets or a
   * member of it, or the beginning of a claim. Such as `chunk`, `wake`, `skipped` or `message`. A wake with which a
   * worker goes on has the number of its slice too: `wake-1`.
   */
  readonly row?: string;
}

/** The process kills itself when it is the nth time at the point. */
export interface PlannedKill {
  /** The name of the step, for the journal. */
  readonly step: string;
  readonly point: Point;
  readonly nth: number;
}

/** How calls of the queues fail, each with a share from 0 to 1 of the tries. */
export interface QueueFaults {
  /** The call changes nothing, and is tried again as the SDK does. */
  readonly throttle?: number;
  readonly error?: number;
  /** The call succeeds, and its answer is lost. It is tried again as the SDK does. */
  readonly lostAnswer?: number;
  /** The call fails and is not tried again. */
  readonly giveUp?: number;
}

/** Faults that a test causes in the host on purpose. */
export interface HostFaultPlan {
  /** The same seed and the same calls in the same order give the same faults. */
  readonly seed: number;
  /** They happen in turn: the next one can happen when the process has been started again. */
  readonly kills?: readonly PlannedKill[];
  readonly tables?: readonly FaultRule[];
  readonly queues?: QueueFaults;
  /** After how many seconds the job of a failed worker comes back, instead of the three minutes of the deployment. */
  readonly hiddenSeconds?: number;
  readonly eventSources?: FaultPlan;
  /** Time limits of functions by their keys, in seconds, instead of those of the deployment. */
  readonly timeLimits?: Readonly<Record<string, number>>;
}

export interface FaultFiles {
  readonly plan: HostFaultPlan;
  /** Where the host writes what it did: one JSON object a line. */
  readonly journal: string;
  /** Where it writes what workers do: some lines for each attempt. */
  readonly workJournal: string;
  /** While this file exists, the queues cannot be reached. */
  readonly queuesUnreachable: string;
  /** While this file exists, no call fails. */
  readonly calm: string;
}

/**
 * Reads the plan that `POSTHORN_FAULTS` names. Only tests of the whole use it.
 *
 * @throws if the plan is not allowed: nobody must lose a process to a variable that was left over
 */
export function readFaultFiles({
  POSTHORN_FAULTS: path,
  POSTHORN_FAULTS_ALLOWED: allowed,
}: NodeJS.ProcessEnv): FaultFiles | undefined {
  if (path === undefined || path === '') return undefined;
  if (allowed !== 'true')
    throw new Error('POSTHORN_FAULTS makes this system fail on purpose. Unset it, or set POSTHORN_FAULTS_ALLOWED=true');
  // The test that starts the system writes the file.
  const plan = JSON.parse(readFileSync(path, 'utf8')) as HostFaultPlan;
  return {
    plan,
    journal: `${path}.journal`,
    workJournal: `${path}.work-journal`,
    queuesUnreachable: `${path}.queues-unreachable`,
    calm: `${path}.calm`,
  };
}
