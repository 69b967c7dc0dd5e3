import {
  type Clock,
  type Delivery,
  type Endpoint,
  isSlow,
  mayUseSlot,
  type Throttled,
  type ThrottleRates,
  type ThrottleRepository,
  type ThrottleSlot,
  throttlePatienceMs,
} from '@posthorn/core';

export interface ThrottleDeps {
  readonly reserve: ThrottleRepository['reserve'];
  /** The limit of an application, if it has one. It is remembered for a few seconds. */
  readonly findApplicationRate: (delivery: Delivery) => Promise<number | undefined>;
  /** Attempts a second at all endpoints of an application together that are slow. Absent: no limit. */
  readonly slowRate?: number;
  readonly clock: Clock;
  readonly sleep: (ms: number) => Promise<unknown>;
}

/** Whether a delivery may be attempted now. If not, it waits until its slot, and keeps it. */
export type Turn =
  | { readonly kind: 'go' }
  | { readonly kind: 'wait'; readonly until: Date; readonly slot: ThrottleSlot };

export type TakeTurn = (delivery: Delivery, endpoint: Pick<Endpoint, 'throttleRate' | 'health'>) => Promise<Turn>;

/**
 * Holds a delivery to the `throttleRate` of its endpoint and of its application. Without a limit it reads and writes
 * nothing. It waits itself for a slot within the next second.
 *
 * With both limits, a delivery first waits in the line of its endpoint, so that a crowd for one endpoint takes no slots of
 * the application that others could use. At its turn it takes the application's next slot. If that is later, the sends to
 * the endpoint may have moved together, so they have a line of their own. If that line moves the delivery once more, it
 * asks for another slot of the application.
 *
 * One to a slow endpoint first waits in the line of the slow ones of its application, if they have a rate.
 */
export const createTakeTurn =
  (deps: ThrottleDeps): TakeTurn =>
  async (delivery, endpoint) => {
    const rates = await findRates(deps, delivery, endpoint);
    if (Object.keys(rates).length === 0) return { kind: 'go' };
    const held = heldSlot(delivery, rates, deps.clock());
    const place = await (held?.slot.of === 'all' ? held : nextPlace(deps, { delivery, rates, held }));
    const waitMs = place.at - deps.clock().getTime();
    if (place.slot.of !== 'all' || waitMs > throttlePatienceMs) {
      return { kind: 'wait', until: new Date(Math.floor(place.at)), slot: place.slot };
    }
    if (waitMs > 0) await deps.sleep(waitMs);
    return { kind: 'go' };
  };

async function findRates(
  { slowRate, clock, findApplicationRate }: ThrottleDeps,
  delivery: Delivery,
  endpoint: Pick<Endpoint, 'throttleRate' | 'health'>,
): Promise<ThrottleRates> {
  const { throttleRate } = endpoint;
  const application = await findApplicationRate(delivery);
  return {
    ...(slowRate !== undefined && isSlow(endpoint, clock()) && { slow: slowRate }),
    ...(throttleRate !== undefined && { endpoint: throttleRate }),
    ...(application !== undefined && { application }),
  };
}

/** A slot and its time, in milliseconds since 1970. */
interface Place {
  readonly slot: ThrottleSlot;
  readonly at: number;
}

interface PlaceInput {
  readonly delivery: Delivery;
  readonly rates: ThrottleRates;
  /** The slot that it already has, if it may still use it. */
  readonly held: Place | undefined;
}

function heldSlot({ slot, notBefore }: Delivery, rates: ThrottleRates, now: Date): Place | undefined {
  if (!slot || !notBefore || !mayUseSlot(slot, { at: notBefore, rates, now })) return undefined;
  return { slot, at: notBefore.getTime() };
}

type Reserve = (throttled: Throttled, rate: number, fromMs: number) => Promise<number>;

/** Reserves the next slot that a delivery needs. */
async function nextPlace(deps: ThrottleDeps, input: PlaceInput): Promise<Place> {
  const { delivery, rates, held } = input;
  const { slow } = rates;
  const now = deps.clock().getTime();
  const tries = (delivery.slot?.tries ?? 0) + (held ? 0 : 1);
  const reserve: Reserve = async (throttled, rate, fromMs) =>
    (await deps.reserve(throttled, { rate, count: 1, from: Math.round(fromMs * 1_000) })) / 1_000;
  const latest = now + throttlePatienceMs;
  if (slow === undefined || (held && held.slot.of !== 'slow'))
    return placeOfLimits(reserve, { ...input, from: now, latest, tries });
  const turn = held?.at ?? (await reserve({ line: 'slow', id: delivery.applicationId }, slow, now));
  if (turn > latest) return { slot: { of: 'slow', rates: { slow }, tries }, at: turn };
  return placeOfLimits(reserve, { delivery, rates, held: undefined, from: Math.max(now, turn), latest, tries });
}

interface LimitsInput extends PlaceInput {
  /** No slot before this time, in milliseconds. */
  readonly from: number;
  /** For a turn up to this time, the worker waits itself. */
  readonly latest: number;
  readonly tries: number;
}

/** Reserves the next slot in the lines of the endpoint's and the application's limit. */
async function placeOfLimits(
  reserve: Reserve,
  { delivery, rates, held, from, latest, tries }: LimitsInput,
): Promise<Place> {
  const { endpointId, applicationId } = delivery;
  const { application: _, ...own } = rates;
  const { endpoint, application } = rates;
  const ofEndpoint = { line: 'endpoint', id: endpointId } as const;
  const ofApplication = { line: 'application', id: applicationId } as const;
  const all = (at: number): Place => ({ slot: { of: 'all', rates, tries }, at });

  if (endpoint === undefined)
    return all(application === undefined ? from : await reserve(ofApplication, application, from));
  if (application === undefined) return all(await reserve(ofEndpoint, endpoint, from));
  let place = held ?? { slot: { of: 'endpoint', rates: own, tries }, at: await reserve(ofEndpoint, endpoint, from) };
  while (place.at <= latest) {
    // Slots that are over were not waited for: one that comes late takes the next one that is to come.
    const earliest = Math.max(place.at, from);
    const turn = await reserve(ofApplication, application, earliest);
    if (place.slot.of === 'sends' && turn <= earliest + throttlePatienceMs) return all(turn);
    const send = await reserve({ line: 'sends', id: endpointId }, endpoint, turn);
    if (send <= turn + throttlePatienceMs) return all(send);
    place = { slot: { of: 'sends', rates: own, tries }, at: send };
  }
  return place;
}
