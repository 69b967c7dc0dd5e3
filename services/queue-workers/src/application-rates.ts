import type { Delivery } from '@posthorn/core';
import { createBoundedMemory } from '@posthorn/core/memory/bounded-memory';

/** For how long a worker remembers the limit of an application, and with it how soon a change counts. */
const rememberMs = 5_000;
const maxApplications = 10_000;

type FindRate = (delivery: Delivery) => Promise<number | undefined>;

/** Reads the limit of an application at most once in five seconds. An error is not remembered. */
export function rememberRates(find: FindRate, now: () => number): FindRate {
  const rates = createBoundedMemory<Promise<number | undefined>>({ maxEntries: maxApplications, now });
  return (delivery) => {
    const known = rates.find(delivery.applicationId);
    if (known) return known;
    const rate = find(delivery);
    rates.keep(delivery.applicationId, rate, rememberMs);
    rate.catch(() => rates.forget(delivery.applicationId));
    return rate;
  };
}
