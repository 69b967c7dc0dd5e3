import type { CountedOf, Counter } from '../log.ts';
import { isOperationalApplicationId } from './operational-application.ts';

/** Counts something of an application. One that carries operational webhooks is in no figure. */
export function countOwn(
  counters: Counter,
  applicationId: string,
  { name, value = 1, of }: { readonly name: string; readonly value?: number; readonly of?: CountedOf },
): void {
  if (!isOperationalApplicationId(applicationId)) counters.add(name, value, of);
}
