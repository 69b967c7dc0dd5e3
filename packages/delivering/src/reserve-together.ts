import { type Clock, type SlotRequest, spacingOf, type Throttled, type ThrottleRepository } from '@posthorn/core';

type Reserve = ThrottleRepository['reserve'];

interface Waiting {
  readonly request: SlotRequest;
  readonly give: (slot: number) => void;
  readonly fail: (error: unknown) => void;
}

/**
 * Reserves together what this process asks for while a reservation of the same line is under way, so that a batch of
 * deliveries to one endpoint costs about two writes. Requests for a later time go by themselves.
 */
export function createReserveTogether(reserve: Reserve, clock: Clock): Reserve {
  const lines = new Map<string, Waiting[]>();

  const run = async (key: string, throttled: Throttled): Promise<void> => {
    for (;;) {
      const together = lines.get(key) ?? [];
      if (together.length === 0) break;
      lines.set(key, []);
      await reserveAll(reserve, throttled, together);
    }
    lines.delete(key);
  };

  return (throttled, request) => {
    if (request.from > clock().getTime() * 1_000) return reserve(throttled, request);
    return new Promise((give, fail) => {
      const key = `${throttled.line} ${throttled.id} ${request.rate}`;
      const waiting = lines.get(key);
      if (waiting) waiting.push({ request, give, fail });
      else {
        lines.set(key, [{ request, give, fail }]);
        void run(key, throttled);
      }
    });
  };
}

async function reserveAll(reserve: Reserve, throttled: Throttled, together: readonly Waiting[]): Promise<void> {
  const rate = together[0]?.request.rate ?? 1;
  const count = together.reduce((sum, { request }) => sum + request.count, 0);
  const from = Math.max(...together.map(({ request }) => request.from));
  try {
    let slot = await reserve(throttled, { rate, count, from });
    for (const { request, give } of together) {
      give(slot);
      slot += request.count * spacingOf(rate);
    }
  } catch (error) {
    for (const { fail } of together) fail(error);
  }
}
