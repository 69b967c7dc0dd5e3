/** A delivery's place in the lines of its limits. Its time is the delivery's `notBefore`. */
export interface ThrottleSlot {
  /**
   * `all`: the delivery is attempted at this time. `slow`: the turn of its application's slow destinations, and it must
   * still ask the lines of its limits. `endpoint`: its endpoint's turn, and it must still ask the line of its application.
   * `sends`: the same, after it had waited for its application.
   */
  readonly of: 'slow' | 'endpoint' | 'sends' | 'all';
  /** The rates at which it was reserved. If one of them has changed, another slot is reserved. */
  readonly rates: ThrottleRates;
  /** How many slots were reserved for this attempt, from 1: each one that was missed counts. */
  readonly tries: number;
}

/** Attempts a second. Absent: no limit. */
export interface ThrottleRates {
  /** Present while the endpoint is slow, and shared with all slow ones of its application. */
  readonly slow?: number;
  readonly endpoint?: number;
  readonly application?: number;
}

/** Why a delivery waits for a slot: for its limits, or because its endpoint is slow. */
export type TurnReason = 'throttled' | 'endpoint-slow';

export const turnReasonOf = ({ of }: ThrottleSlot): TurnReason => (of === 'slow' ? 'endpoint-slow' : 'throttled');

/**
 * A worker waits itself for a slot that is not further away, and a deferred delivery comes back at most this much before
 * its slot: queues delay by whole seconds.
 */
export const throttlePatienceMs = 1_000;

/** A slot is lost if its delivery comes later than this. */
const firstToleranceMs = 1_000;

/**
 * How late a delivery may use its slot. After each slot that it missed, it may be four times as late, so that deliveries
 * that all come late, such as behind a long queue, are still sent.
 */
const toleranceMs = ({ tries }: ThrottleSlot): number => firstToleranceMs * 4 ** (tries - 1);

/** Whether a slot that was reserved may still be used. */
export function mayUseSlot(slot: ThrottleSlot, { at, rates, now }: SlotUse): boolean {
  if (slot.rates.slow !== rates.slow) return false;
  if (slot.of !== 'slow' && slot.rates.endpoint !== rates.endpoint) return false;
  if (slot.of === 'all' && slot.rates.application !== rates.application) return false;
  return now.getTime() <= at.getTime() + toleranceMs(slot);
}

interface SlotUse {
  /** The slot's time. */
  readonly at: Date;
  /** The rates now. */
  readonly rates: ThrottleRates;
  readonly now: Date;
}

/**
 * A slot as it is stored: what it is of, the rates of endpoint and application, the tries, and the rate of slow
 * destinations if there is one.
 *
 * @example toSlotText({ of: 'all', rates: { endpoint: 5 }, tries: 1 }) // => 'all 5 - 1'
 */
export const toSlotText = ({ of, rates, tries }: ThrottleSlot): string =>
  `${of} ${rates.endpoint ?? '-'} ${rates.application ?? '-'} ${tries}${rates.slow === undefined ? '' : ` ${rates.slow}`}`;

const slotText = /^(slow|endpoint|sends|all) (\d+|-) (\d+|-) (\d+)(?: (\d+))?$/;

/** Reads a stored slot. Nothing if the text is not one: the delivery then reserves another slot. */
export function parseSlotText(text: string): ThrottleSlot | undefined {
  const [, of, endpoint = '-', application = '-', tries = '1', slow] = slotText.exec(text) ?? [];
  if (of !== 'slow' && of !== 'endpoint' && of !== 'sends' && of !== 'all') return undefined;
  return {
    of,
    rates: {
      ...(endpoint !== '-' && { endpoint: Number(endpoint) }),
      ...(application !== '-' && { application: Number(application) }),
      ...(slow !== undefined && { slow: Number(slow) }),
    },
    tries: Number(tries),
  };
}
