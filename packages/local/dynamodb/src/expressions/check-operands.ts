import { isDeepStrictEqual } from 'node:util';
import type { AttributeValue } from '../values.ts';
import { type Condition, isSize, type Operand } from './condition.ts';
import { type DocumentPath, isPath } from './document-path.ts';
import type { Action, Source } from './update.ts';

const ordering: Readonly<Record<string, string>> = { '<': '<', '<=': '<=', '>': '>', '>=': '>=', between: 'BETWEEN' };

/** Returns a problem in the operands of a condition that dynalite's parser does not find, or nothing. */
export function findBadOperand(condition: Condition): string | undefined {
  switch (condition.type) {
    case 'and':
    case 'or':
    case 'not':
      return condition.args.map(findBadOperand).find((problem) => problem !== undefined);
    case 'function':
      return undefined;
    case 'in':
      return findRepeated(condition.args);
    default:
      return findWithoutOrder(ordering[condition.type], condition.args);
  }
}

/** Only strings, numbers and bytes have an order. */
function findWithoutOrder(operator: string | undefined, operands: readonly Operand[]): string | undefined {
  if (operator === undefined) return undefined;
  const type = operands.map(literalType).find((one) => one !== undefined && !['S', 'N', 'B'].includes(one));
  return (
    type && `Incorrect operand type for operator or function; operator or function: ${operator}, operand type: ${type}`
  );
}

function findRepeated([first, ...others]: readonly Operand[]): string | undefined {
  if (first === undefined || !isPath(first) || !others.some((other) => isDeepStrictEqual(other, first)))
    return undefined;
  return notDistinct('IN', first);
}

/** Returns a problem in the operands of an update that dynalite's parser does not find, or nothing. */
export const findBadSource = (actions: readonly Action[]): string | undefined =>
  actions.map((action) => (action.type === 'set' ? findSame(action.val) : undefined)).find((one) => one !== undefined);

function findSame(source: Source): string | undefined {
  if (isPath(source) || !('args' in source)) return undefined;
  const [first, second] = source.args;
  const isSame = 'name' in source && source.name === 'if_not_exists' && isDeepStrictEqual(first, second);
  return isSame && isPath(first) ? notDistinct('if_not_exists', first) : (findSame(first) ?? findSame(second));
}

const notDistinct = (operator: string, path: DocumentPath): string =>
  `The first operand must be distinct from the remaining operands for this operator or function; operator: ${operator}, first operand: [${path.map((step) => (typeof step === 'number' ? `[${step}]` : step)).join(', ')}]`;

const literalType = (operand: Operand): string | undefined =>
  isPath(operand) || isSize(operand) ? undefined : Object.keys(operand satisfies AttributeValue)[0];
