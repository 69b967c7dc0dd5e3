import { setTimeout as wait } from 'node:timers/promises';
import { internalServerError, type RequestFailure, throughputExceeded, transactionConflict } from '../failure.ts';
import { toCancellation } from '../transactions/cancellation.ts';
import type { Body } from '../values.ts';
import { createRandom } from './random.ts';

/** A fault that is caused on demand. */
export interface FaultRule {
  /**
   * - `throttle`: the request is rejected because the throughput is exceeded
   * - `conflict`: the request is rejected because of another transaction
   * - `error`: the request is rejected with an internal error
   * - `lost-answer`: the request succeeds, then the connection is closed without a response
   * - `hang-after-commit`: the request succeeds, and no response comes. The connection is closed after `latencyMs`
   *   (default: 30 s), which is longer than a client waits
   * - `latency`: the request starts `latencyMs` later
   *
   * A rejected request changes nothing.
   */
  readonly kind: 'throttle' | 'conflict' | 'error' | 'lost-answer' | 'hang-after-commit' | 'latency';
  /** From 0 (never) to 1 (always). */
  readonly probability: number;
  /** Operations such as `PutItem`. All if absent. */
  readonly operations?: readonly string[];
  /** All if absent. A batch or transaction matches if one of its tables matches. */
  readonly tables?: readonly string[];
  readonly latencyMs?: number;
  /** How often the fault happens at most. */
  readonly times?: number;
}

/** Longer than any client waits for a response. */
const hangMs = 30_000;

export interface FaultPlan {
  /** The same seed and the same requests in the same order give the same faults. */
  readonly seed: number;
  readonly rules: readonly FaultRule[];
}

/** Thrown after a request has succeeded and its response must not be sent. */
export class AnswerLost extends Error {
  constructor() {
    super('the response was dropped by a lost-answer fault');
    this.name = 'AnswerLost';
  }
}

/** Is told of each fault when it happens to a request. */
export type OnFault = (kind: FaultRule['kind'], operation: string) => void;

export interface Faults {
  /** Replaces the current plan. Without a plan, no faults happen. */
  set(plan?: FaultPlan, onFault?: OnFault): void;
  /** Returns how often each rule of the plan has been applied. */
  counts(): readonly number[];
  /** Runs a request with the faults of the plan. */
  around(operation: string, body: object, work: () => Promise<Body>): Promise<Body>;
}

export function createFaults(): Faults {
  let rules: readonly FaultRule[] = [];
  let random = createRandom(0);
  let counts: number[] = [];
  let tell: OnFault = () => undefined;
  const strikes = (operation: string, body: object): readonly FaultRule[] =>
    rules.filter((rule, index) => {
      if (!concerns(rule, operation, body) || (counts[index] ?? 0) >= (rule.times ?? Number.POSITIVE_INFINITY))
        return false;
      if (random() >= rule.probability) return false;
      counts[index] = (counts[index] ?? 0) + 1;
      return true;
    });
  return {
    set(plan, onFault = () => undefined) {
      tell = onFault;
      rules = plan?.rules ?? [];
      random = createRandom(plan?.seed ?? 0);
      counts = rules.map(() => 0);
    },
    counts: () => [...counts],
    around: (operation, body, work) => (rules.length === 0 ? work() : withFaults(operation, body, work)),
  };

  async function withFaults(operation: string, body: object, work: () => Promise<Body>): Promise<Body> {
    const struck = strikes(operation, body);
    const delayMs = struck.reduce((sum, { kind, latencyMs = 0 }) => sum + (kind === 'latency' ? latencyMs : 0), 0);
    if (delayMs > 0) {
      tell('latency', operation);
      await wait(delayMs);
    }
    for (const { kind } of struck) {
      const failure = toFailure(kind, operation, body);
      if (failure === undefined) continue;
      tell(kind, operation);
      throw failure;
    }
    const answer = await work();
    const hang = struck.find(({ kind }) => kind === 'hang-after-commit');
    if (hang) {
      tell('hang-after-commit', operation);
      await wait(hang.latencyMs ?? hangMs, undefined, { ref: false });
      throw new AnswerLost();
    }
    if (!struck.some(({ kind }) => kind === 'lost-answer')) return answer;
    tell('lost-answer', operation);
    throw new AnswerLost();
  }
}

const concerns = ({ operations, tables }: FaultRule, operation: string, body: object): boolean =>
  (operations?.includes(operation) ?? true) &&
  (tables === undefined || tablesOf(body).some((name) => tables.includes(name)));

/** Returns the tables in a request. */
function tablesOf(body: object): readonly string[] {
  const { TableName, RequestItems, TransactItems } = body as Readonly<Record<string, unknown>>;
  return [
    ...(typeof TableName === 'string' ? [TableName] : []),
    ...Object.keys(RequestItems ?? {}),
    ...(Array.isArray(TransactItems) ? TransactItems : []).flatMap(
      (item: Readonly<Record<string, { TableName?: string }>>) =>
        Object.values(item).flatMap(({ TableName: own }) => own ?? []),
    ),
  ];
}

function toFailure(kind: FaultRule['kind'], operation: string, body: object): RequestFailure | undefined {
  switch (kind) {
    case 'throttle':
      return inTransaction(
        throughputExceeded(
          'The level of configured provisioned throughput for the table was exceeded. Consider increasing your provisioning level with the UpdateTable API.',
        ),
        operation,
        body,
      );
    case 'conflict':
      return inTransaction(transactionConflict('Transaction is ongoing for the item'), operation, body);
    case 'error':
      return internalServerError('Internal server error');
    case 'lost-answer':
    case 'hang-after-commit':
    case 'latency':
      return undefined;
  }
}

/** Turns the failure into a cancellation if the request is a transaction. The reason is given for its first item. */
function inTransaction(failure: RequestFailure, operation: string, body: object): RequestFailure {
  if (!operation.startsWith('Transact')) return failure;
  const { TransactItems } = body as { readonly TransactItems?: readonly unknown[] };
  return toCancellation((TransactItems ?? [0]).map((_, index) => (index === 0 ? failure : undefined)));
}
