import type { Breaker, EndpointHealth } from '@posthorn/core/endpoint/endpoint-health';
import { ifPresent, instantOf, numberOf, type Row, withoutAbsent } from '../rows/row.ts';

/** The text of an endpoint's health, as the attribute `health` has it: JSON, with times in ISO 8601. */
export function toHealthText(health: EndpointHealth): string {
  const { failures, failingSince, lastFailureAt, lastSuccessAt, breaker, slowUntil } = health;
  // Always in this order: equal healths have equal texts.
  return JSON.stringify({
    failures,
    failingSince,
    lastFailureAt,
    lastSuccessAt,
    breaker: breaker && {
      epoch: breaker.epoch,
      openUntil: breaker.openUntil,
      step: breaker.step,
      drained: breaker.drained,
    },
    slowUntil,
  });
}

/**
 * Reads the health of an endpoint. It is derived from attempts, so a text that cannot be read counts as none: it must not
 * stop the endpoint's deliveries.
 */
export function parseHealth(text: unknown): EndpointHealth | undefined {
  if (typeof text !== 'string') return undefined;
  try {
    return toHealth(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** The health in an endpoint's row. */
export const readHealth = (row: Row, attribute: string): EndpointHealth | undefined => parseHealth(row[attribute]);

const toHealth = (row: Row): EndpointHealth => ({
  failures: numberOf(row, 'failures'),
  ...withoutAbsent({
    failingSince: ifPresent(row, 'failingSince', instantOf),
    lastFailureAt: ifPresent(row, 'lastFailureAt', instantOf),
    lastSuccessAt: ifPresent(row, 'lastSuccessAt', instantOf),
    breaker: ifPresent(row, 'breaker', ({ breaker }) => toBreaker(breaker)),
    slowUntil: ifPresent(row, 'slowUntil', instantOf),
  }),
});

/** Its type is checked attribute by attribute. */
const toBreaker = (value: unknown): Breaker => {
  const row = value as Row;
  return {
    epoch: numberOf(row, 'epoch'),
    openUntil: instantOf(row, 'openUntil'),
    step: numberOf(row, 'step'),
    ...withoutAbsent({ drained: ifPresent(row, 'drained', numberOf) }),
  };
};
