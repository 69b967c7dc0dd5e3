import type { Units } from '../capacity.ts';

/** What an invocation with a number of entries took. */
export interface Invocation {
  readonly entries: number;
  /** Milliseconds of CPU. */
  readonly cpuMs: number;
  /** Units by table or `table/index`. */
  readonly units: ReadonlyMap<string, Units>;
  readonly queueRequests: number;
  /** How often it waited for an answer. */
  readonly waits: { readonly dynamodb: number; readonly sqs: number; readonly receiver: number };
  readonly log: { readonly lines: number; readonly bytes: number };
}

/** One function, measured with few and with many entries in a batch. Each figure is the mean of its invocations. */
export interface MeasuredFunction {
  readonly name: string;
  readonly memoryMb: number;
  readonly few: Invocation;
  readonly many: Invocation;
}

/** A figure for a batch of any size: on the line through the two that were measured. */
export function atSize(
  { few, many }: MeasuredFunction,
  entries: number,
  figureOf: (invocation: Invocation) => number,
): number {
  const [low, high] = [figureOf(few), figureOf(many)];
  if (few.entries === many.entries) return low;
  return Math.max(0, low + ((high - low) * (entries - few.entries)) / (many.entries - few.entries));
}

/** The mean of several invocations with the same number of entries. */
export function meanOf(invocations: readonly Invocation[]): Invocation {
  const mean = (figureOf: (invocation: Invocation) => number): number =>
    invocations.reduce((sum, invocation) => sum + figureOf(invocation), 0) / invocations.length;
  const tables = new Set(invocations.flatMap(({ units }) => [...units.keys()]));
  return {
    entries: mean(({ entries }) => entries),
    cpuMs: mean(({ cpuMs }) => cpuMs),
    units: new Map(
      [...tables].map((table) => [
        table,
        {
          writes: mean(({ units }) => units.get(table)?.writes ?? 0),
          reads: mean(({ units }) => units.get(table)?.reads ?? 0),
        },
      ]),
    ),
    queueRequests: mean(({ queueRequests }) => queueRequests),
    waits: {
      dynamodb: mean(({ waits }) => waits.dynamodb),
      sqs: mean(({ waits }) => waits.sqs),
      receiver: mean(({ waits }) => waits.receiver),
    },
    log: { lines: mean(({ log }) => log.lines), bytes: mean(({ log }) => log.bytes) },
  };
}
