import type { Breaker, EndpointHealth } from '@posthorn/core';
import { ForeignRow, ifPresent, instantOf, numberOf, type Row, textOf, withoutAbsent } from '../rows/row.ts';

/** The health of an endpoint as its row has it: one JSON text, so that a write can be conditional on the text before. */
export const toHealthText = (health: EndpointHealth): string => JSON.stringify(health);

/** Reads the health from an endpoint's row. */
export function readHealth(row: Row, attribute: string): EndpointHealth {
  const health = parseObject(textOf(row, attribute), attribute);
  return {
    failures: numberOf(health, 'failures'),
    ...withoutAbsent({
      failingSince: ifPresent(health, 'failingSince', instantOf),
      lastFailureAt: ifPresent(health, 'lastFailureAt', instantOf),
      lastSuccessAt: ifPresent(health, 'lastSuccessAt', instantOf),
      breaker: ifPresent(health, 'breaker', readBreaker),
      slowUntil: ifPresent(health, 'slowUntil', instantOf),
    }),
  };
}

function readBreaker(health: Row, attribute: string): Breaker {
  const breaker = health[attribute];
  if (!isObject(breaker)) throw new ForeignRow(attribute);
  return {
    epoch: numberOf(breaker, 'epoch'),
    openUntil: instantOf(breaker, 'openUntil'),
    step: numberOf(breaker, 'step'),
    ...withoutAbsent({ drained: ifPresent(breaker, 'drained', numberOf) }),
  };
}

function parseObject(text: string, attribute: string): Row {
  try {
    const parsed: unknown = JSON.parse(text);
    if (isObject(parsed)) return parsed;
  } catch {
    // Not JSON: refused below, as other values are.
  }
  throw new ForeignRow(attribute);
}

const isObject = (value: unknown): value is Row => typeof value === 'object' && value !== null && !Array.isArray(value);
