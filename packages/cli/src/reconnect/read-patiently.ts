import { backoffMs } from './backoff.ts';
import { PassingFailure } from './send-or-pass.ts';
import { waitFor } from './wait.ts';

export interface PatientReading {
  /** Is aborted when the machine has slept: whatever was being read then, its connection may be dead. */
  readonly wake: () => AbortSignal;
  /** Is called once when the server is lost, and not for each try. */
  readonly onLost: (failure: PassingFailure) => void;
  /** Is called once when it has answered again. */
  readonly onBack: () => void;
}

/**
 * Repeats a read until it succeeds, with growing waits. Comes back without a result when it is stopped.
 *
 * @throws what the read throws, unless it is passing
 */
export async function readPatiently<Result>(
  read: (signal: AbortSignal) => Promise<Result>,
  { wake, onLost, onBack }: PatientReading,
  stop: AbortSignal,
): Promise<Result | undefined> {
  for (let failures = 0; !stop.aborted; ) {
    const woken = wake();
    try {
      const result = await read(AbortSignal.any([stop, woken]));
      if (failures > 0) onBack();
      return result;
    } catch (error) {
      if (stop.aborted) break;
      // The machine has slept: the same again, at once and on a new connection.
      if (woken.aborted) continue;
      if (!(error instanceof PassingFailure)) throw error;
      failures += 1;
      if (failures === 1) onLost(error);
      await waitFor(Math.max(backoffMs(failures), error.retryAfterMs), AbortSignal.any([stop, wake()]));
    }
  }
  return undefined;
}
