import { matchesRule } from '../rules/matches-rule.ts';
import { planEvents } from '../rules/plan-events.ts';
import { aSource } from '../testing/a-change.ts';
import { readItem } from './read-item.ts';
import { sampleChange } from './sample-change.ts';

describe('a sample item', () => {
  it('is read from plain JSON, with every digit', () => {
    expect(readItem('{"id":"1","n":9007199254740993,"m":{"l":[true,null,0.10]}}')).toEqual({
      id: { S: '1' },
      n: { N: '9007199254740993' },
      m: { M: { l: { L: [{ BOOL: true }, { NULL: true }, { N: '0.10' }] } } },
    });
  });

  it('is read from JSON with types, as AWS prints it', () => {
    const text = '{"id":{"S":"1"},"tags":{"SS":["a"]},"n":{"N":"1"}}';
    expect(readItem(text)).toEqual(JSON.parse(text));
  });

  it.each(['[1]', '1', '{'])('is refused as %s', (text) => {
    expect(() => readItem(text)).toThrow(SyntaxError);
  });
});

describe('a sample change', () => {
  it.each([
    '',
    'on: expire',
    'on: update\nchanged: [status, customer.id]',
    'when: { new: { status: [paid] }, old: { status: [open] } }\non: update',
    "when: { new: { total: [{ numeric: ['>', 10, '<=', 20] }] } }",
    "when: { new: { total: [{ numeric: ['<', 10] }] } }",
    'when: { new: { a: { b: [{ prefix: x }] }, c: [{ suffix: y }], d: [{ wildcard: "a*b" }] } }',
    'when: { new: { a: [true], b: [null], c: [5], d: [{ anything-but: [x] }] }, old: { x: [{ exists: false }] } }',
    'when: { $or: [{ new: { a: [1] } }, { new: { a: [2] } }] }',
    `tags: ["\${customer.name}"]\nordering_key: \${new.group}`,
  ])('is made up so that it becomes an event of a rule with %j', (text) => {
    const source = aSource(text, 'auto_create: true');
    const [rule] = source.rules;
    if (!rule) throw new Error('no rule');
    const change = sampleChange(source, rule);
    expect(matchesRule(rule, change)).toBe(true);
    expect(planEvents(change, source)).toMatchObject([{ kind: 'event' }]);
  });

  it('has the given item, its key, and another version before an update', () => {
    const source = aSource('changed: [status]');
    const [rule] = source.rules;
    if (!rule) throw new Error('no rule');
    const item = readItem('{"number":7,"status":"paid"}');
    const change = sampleChange(source, rule, { item, operation: 'update' });
    expect(change).toMatchObject({ keys: { number: { N: '7' } }, new: item, old: { number: { N: '7' } } });
    expect(matchesRule(rule, change)).toBe(true);
    const named = sampleChange(source, rule, { item, keys: ['status', 'missing'], operation: 'remove' });
    expect(named).toMatchObject({ keys: { status: { S: 'paid' }, missing: { S: 'sample' } }, old: item });
  });
});
