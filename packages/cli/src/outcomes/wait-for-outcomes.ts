import type { Connection } from '../connection/connection.ts';
import { isPassing } from '../connection/passing.ts';
import type { Context } from '../context.ts';
import { explainStop } from '../terminal/explain-stop.ts';
import { pause } from '../time/pause.ts';
import { describeOutcome } from './describe-outcome.ts';
import type { ExpectedEndpoint } from './expected-endpoints.ts';
import { type EndpointOutcome, isFinal } from './judge.ts';
import { readOutcomes, type SentMessage } from './read-outcomes.ts';

export interface WaitOptions {
  readonly expected: readonly ExpectedEndpoint[];
  readonly timeoutMs: number;
}

const [firstWaitMs, longestWaitMs] = [200, 5_000];

/**
 * Waits until nothing more happens to a message at any of its endpoints, or until the time is over: the last reading is
 * returned then. Each change is told on stderr. While the server cannot be reached, the wait goes on.
 *
 * @throws CliError `unreachable` if the server cannot be reached when the time is over
 */
export async function waitForOutcomes(
  context: Pick<Context, 'io' | 'note' | 'options' | 'report'>,
  connection: Connection,
  message: SentMessage,
  { expected, timeoutMs }: WaitOptions,
): Promise<readonly EndpointOutcome[]> {
  const deadline = performance.now() + timeoutMs;
  const told = new Map<string, string>();
  const stopExplaining = explainStop(context, () => ({
    message: `No longer waiting for ${message.id}: it was accepted, and is delivered all the same`,
    remedy: `See where it stands: posthorn api GET /app/${message.app}/msg/${message.id}/endpoint`,
  }));
  try {
    for (let waitMs = firstWaitMs; ; waitMs = Math.min(waitMs * 1.5, longestWaitMs)) {
      const outcomes = await readOutcomes(connection, message, expected).catch(untilReachable(deadline));
      for (const outcome of outcomes ?? []) tellChange(context, told, outcome);
      const left = deadline - performance.now();
      if (outcomes && (left <= 0 || outcomes.every(isFinal))) return outcomes;
      await pause(Math.max(0, Math.min(waitMs, left)), context.io);
    }
  } finally {
    stopExplaining();
  }
}

/** A server that restarts is there again soon. */
const untilReachable =
  (deadline: number) =>
  (error: unknown): undefined => {
    if (!isPassing(error) || performance.now() >= deadline) throw error;
  };

function tellChange({ note }: Pick<Context, 'note'>, told: Map<string, string>, outcome: EndpointOutcome): void {
  const text = describeOutcome(outcome);
  if (told.get(outcome.endpointId) === text || outcome.attempts + Number(isFinal(outcome)) === 0) return;
  told.set(outcome.endpointId, text);
  note(text);
}
