import db from 'dynalite/db/index.js';
import { compareValues } from '../expressions/condition.ts';
import type { AttributeValue } from '../values.ts';

type Operands = AttributeValue | readonly AttributeValue[];

const dynalites = db.compare;

const orders: Readonly<Record<string, (order: number, secondOrder: number) => boolean>> = {
  LT: (order) => order < 0,
  LE: (order) => order <= 0,
  GT: (order) => order > 0,
  GE: (order) => order >= 0,
  BETWEEN: (order, secondOrder) => order >= 0 && secondOrder <= 0,
};

/**
 * Replaces dynalite's comparison of strings in bounds and start keys. dynalite compares them as UTF-16, DynamoDB as
 * UTF-8. The order differs for characters outside the basic plane.
 */
db.compare = (operator: string, value: AttributeValue, operands: Operands): boolean => {
  const [first, second] = Array.isArray(operands) ? operands : [operands];
  const holds = orders[operator];
  if (holds === undefined || value?.S === undefined || first?.S === undefined)
    return dynalites(operator, value, operands);
  return holds(compareValues(value, first) ?? 0, compareValues(value, second ?? first) ?? 0);
};
