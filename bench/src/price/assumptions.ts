/**
 * What cannot be counted without an AWS account. Everything else in the price is counted or measured.
 */
export const assumptions = {
  /** Milliseconds that a function waits for one answer, beside its own work. */
  waitMs: { dynamodb: 5, sqs: 10, receiver: 100 },
  /** What Lambda bills of an invocation beside the handler: fetching the event, sending the answer. */
  runtimeMs: 1,
  /** The memory at which Lambda gives a function one processor. With less it gets that share of one. */
  oneProcessorMb: 1_769,
  /** Bytes that CloudWatch adds to each log line. */
  logLineBytes: 26,
  /** A line of the access log for an accepted message, as the functions write it. */
  accessLineBytes: 406,
  /** Lambda writes no lines of its own for an invocation that succeeds: the templates set its level to WARN. */
  platformLines: { lines: 0, bytes: 0 },
  /** A warm worker opens the key of an organisation once in this time. */
  keyMemorySeconds: 300,
  warmWorkers: 10,
  kept: { messageDays: 90, successDays: 30 },
} as const;

/** How messages come, and how many of them one invocation gets because of that. */
export interface Traffic {
  readonly name: string;
  readonly perSecond: number;
  /** Messages for each invocation of the function. */
  readonly fanOut: number;
  readonly deliver: number;
  readonly statistics: number;
}

/** A new on-demand table has four partitions, and so its stream has four shards. Lambda reads a shard four times a second. */
const [shards, readsPerSecond] = [4, 4];
const most = { fanOut: 200, deliver: 10, statistics: 1_000 };

/**
 * What one read of a shard finds is one batch of fan-out. It is sent to the queue in entries of ten, and a poller of
 * Lambda that looks at the queue gets what was sent together.
 */
export function trafficOf(perSecond: number, windowSeconds: number): Traffic {
  const fanOut = Math.min(most.fanOut, Math.max(1, perSecond / (shards * readsPerSecond)));
  return {
    name: `${perSecond} a second`,
    perSecond,
    fanOut,
    deliver: Math.min(most.deliver, fanOut),
    statistics: Math.min(most.statistics, Math.max(1, (perSecond / shards) * windowSeconds)),
  };
}
