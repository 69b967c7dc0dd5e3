import { setTimeout as wait } from 'node:timers/promises';
import { internalServerError, type RequestFailure, throughputExceeded, transactionConflict } from '../failure.ts';
import { toCancellation } from '../transactions/cancellation.ts';
import type { Body } from '../values.ts';
import { createRandom } from './random.ts';

/** Something that goes wrong on demand. */
export interface FaultRule {
  /**
   * - `throttle`: refused as over the throughput, nothing done
   * - `conflict`: refused because of another transaction, nothing done
   * - `error`: answered as an internal error, nothing done
   * - `lost-answer`: done, and the connection then closed without an answer
   * - `latency`: begun `latencyMs` later
   */
  readonly kind: 'throttle' | 'conflict' | 'error' | 'lost-answer' | 'latency';
  /** From 0 (never) to 1 (always). */
  readonly probability: number;
  /** Such as `PutItem`; any when absent. */
  readonly operations?: readonly string[];
  /** Any when absent. Of a batch or transaction, one of its tables is enough. */
  readonly tables?: readonly string[];
  readonly latencyMs?: number;
  /** How often it comes at most. */
  readonly times?: number;
}

export interface FaultPlan {
  /** The same seed and the same requests in the same order give the same faults. */
  readonly seed: number;
  readonly rules: readonly FaultRule[];
}

/** The request was carried out and its answer is not to be given. */
export class AnswerLost extends Error {
  constructor() {
    super('the answer is lost on demand');
    this.name = 'AnswerLost';
  }
}

export interface Faults {
  /** Takes the place of the plan before; without one nothing goes wrong. */
  set(plan?: FaultPlan): void;
  /** How often each rule of the plan came so far. */
  counts(): readonly number[];
  /** Carries a request out as the plan has it. */
  around(operation: string, body: object, work: () => Promise<Body>): Promise<Body>;
}

export function createFaults(): Faults {
  let rules: readonly FaultRule[] = [];
  let random = createRandom(0);
  let counts: number[] = [];
  const strikes = (operation: string, body: object): readonly FaultRule[] =>
    rules.filter((rule, index) => {
      if (!concerns(rule, operation, body) || (counts[index] ?? 0) >= (rule.times ?? Number.POSITIVE_INFINITY))
        return false;
      if (random() >= rule.probability) return false;
      counts[index] = (counts[index] ?? 0) + 1;
      return true;
    });
  return {
    set(plan) {
      rules = plan?.rules ?? [];
      random = createRandom(plan?.seed ?? 0);
      counts = rules.map(() => 0);
    },
    counts: () => [...counts],
    async around(operation, body, work) {
      if (rules.length === 0) return work();
      const struck = strikes(operation, body);
      const delayMs = struck.reduce((sum, { kind, latencyMs = 0 }) => sum + (kind === 'latency' ? latencyMs : 0), 0);
      if (delayMs > 0) await wait(delayMs);
      for (const { kind } of struck) {
        const failure = toFailure(kind, operation, body);
        if (failure) throw failure;
      }
      const answer = await work();
      if (struck.some(({ kind }) => kind === 'lost-answer')) throw new AnswerLost();
      return answer;
    },
  };
}

const concerns = ({ operations, tables }: FaultRule, operation: string, body: object): boolean =>
  (operations?.includes(operation) ?? true) &&
  (tables === undefined || tablesOf(body).some((name) => tables.includes(name)));

/** The tables that a request names. */
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
    case 'latency':
      return undefined;
  }
}

/** A transaction says what was wrong with which of its items: here, the first. */
function inTransaction(failure: RequestFailure, operation: string, body: object): RequestFailure {
  if (!operation.startsWith('Transact')) return failure;
  const { TransactItems } = body as { readonly TransactItems?: readonly unknown[] };
  return toCancellation((TransactItems ?? [0]).map((_, index) => (index === 0 ? failure : undefined)));
}
