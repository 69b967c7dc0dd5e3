import type { HostFaultPlan } from '@posthorn/local-host/faults/plan';
import type { Planned } from '../history/event.ts';
import { nameOfKill } from '../history/fault-names.ts';

const queueFaults = { throttle: 'throttle', error: 'error', lostAnswer: 'lost-answer', giveUp: 'give-up' } as const;
const eventSourceFaults = ['duplicate', 'reorder', 'cut', 'replay'] as const;

/** Lists what must happen in a run with this plan: each kill, and each kind of fault at least once. */
export function listPlanned({ kills = [], tables = [], queues = {}, eventSources = {} }: Omit<HostFaultPlan, 'seed'>) {
  // The keys of an object literal are its type's.
  const ofQueues = (Object.keys(queueFaults) as (keyof typeof queueFaults)[]).filter((name) => (queues[name] ?? 0) > 0);
  const names = [
    ...kills.map(({ step }) => nameOfKill(step)),
    ...tables.filter(({ probability }) => probability > 0).map(({ kind }) => `tables: ${kind}`),
    ...ofQueues.map((name) => `queues: ${queueFaults[name]}`),
    ...eventSourceFaults.filter((name) => Boolean(eventSources[name])).map((name) => `event sources: ${name}`),
  ];
  return toPlanned(names);
}

/** A name that is there several times must happen as often. */
export const toPlanned = (names: readonly string[]): readonly Planned[] =>
  [...Map.groupBy(names, (name) => name)].map(([fault, { length }]) => ({ kind: 'planned', fault, least: length }));
