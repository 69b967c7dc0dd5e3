import { checkSources } from '../file/check-sources.ts';
import { compileSources } from '../file/compile-sources.ts';
import type { ItemChange } from '../rules/item-change.ts';
import type { ChangeSource, Rule } from '../rules/source.ts';

export const streamArn = 'arn:aws:dynamodb:us-east-1:000000000000:table/orders/stream/2026-01-01T00:00:00.000';

/** The insert of an order. */
export const aChange = (overrides: Partial<ItemChange> = {}): ItemChange => ({
  streamArn,
  sequenceNumber: '100000000000000000007',
  changedAt: new Date('2026-01-02T03:04:05Z'),
  operation: 'insert',
  keys: { id: { S: 'o-1' } },
  ...(overrides.operation === 'remove' || overrides.operation === 'expire' ? {} : { new: anOrder }),
  ...overrides,
});

export const anOrder = {
  id: { S: 'o-1' },
  status: { S: 'open' },
  total: { N: '12.50' },
  customer: { M: { id: { S: 'acme' }, email: { S: 'a@b.c' } } },
} as const;

/** The source of a rule as the file has it, in YAML. */
export function aSource(rule: string, more = ''): ChangeSource {
  const text = `
organisation: org_1
sources:
  - name: shop
    table: orders
    application: acme
    ${more}
    rules:
      - name: any
        event_type: order.\${operation}
        ${rule.trim().split('\n').join('\n        ')}
`;
  const checked = checkSources(text);
  if (checked.kind === 'invalid') throw new Error(JSON.stringify(checked.problems));
  const [source] = compileSources(checked.file, { stage: 'test' }).sources;
  if (source === undefined) throw new Error('the file has no source');
  return source;
}

export const aRule = (rule: string): Rule => {
  const [found] = aSource(rule).rules;
  if (found === undefined) throw new Error('the source has no rule');
  return found;
};
