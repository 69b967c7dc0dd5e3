import { parse } from 'yaml';
import type { Item } from '../values/value.ts';
import { compilePattern } from './compile-pattern.ts';
import { matchesPattern } from './matches-pattern.ts';

const item: Item = {
  status: { S: 'paid' },
  total: { N: '9007199254740993' },
  vip: { BOOL: true },
  note: { NULL: true },
  tags: { SS: ['blue', 'new'] },
  sizes: { NS: ['1', '2.50'] },
  lines: { L: [{ M: { sku: { S: 'a-1' } } }, { M: { sku: { S: 'b-2' } } }] },
  address: { M: { city: { S: 'Oslo' } } },
};
const old: Item = { status: { S: 'open' } };

const matches = (condition: string) => {
  const { pattern, problems } = compilePattern(parse(condition, { intAsBigInt: true }));
  expect(problems).toEqual([]);
  return matchesPattern(pattern, { new: item, old, keys: { id: { S: '1' } } });
};

describe('a condition on a change', () => {
  it.each([
    '{ new: { status: [paid] } }',
    '{ new: { status: [open, paid] }, old: { status: [open] }, keys: { id: ["1"] } }',
    '{ new: { total: [9007199254740993] } }',
    "{ new: { total: [{ numeric: ['>', 9007199254740992, '<=', 9007199254740993] }] } }",
    "{ new: { total: [{ numeric: ['=', 9007199254740993] }] } }",
    "{ new: { total: [{ numeric: ['<', 10000000000000000] }], vip: [true], note: [null] } }",
    '{ new: { tags: [blue] } }',
    '{ new: { sizes: [2.5] } }',
    '{ new: { lines: { sku: [{ prefix: b- }] } } }',
    '{ new: { lines: { sku: [{ suffix: "-2" }] } } }',
    '{ new: { address: { city: [{ equals-ignore-case: OSLO }] } } }',
    '{ new: { status: [{ wildcard: "p*d" }] } }',
    '{ new: { status: [{ wildcard: "*" }] } }',
    '{ new: { status: [{ anything-but: open }] } }',
    '{ new: { status: [{ anything-but: [open, { prefix: x }] }] } }',
    '{ new: { missing: [{ exists: false }], status: [{ exists: true }] } }',
    '{ new: { $or: [{ status: [open] }, { vip: [true] }] } }',
    '{ $or: [{ old: { status: [paid] } }, { new: { status: [paid] } }] }',
  ])('matches with %s', (condition) => {
    expect(matches(condition)).toBe(true);
  });

  it.each([
    '{ new: { status: [open] } }',
    '{ new: { status: [paid] }, old: { status: [paid] } }',
    '{ new: { total: [9007199254740992] } }',
    '{ new: { total: ["9007199254740993"] } }',
    "{ new: { total: [{ numeric: ['>', 9007199254740993] }] } }",
    "{ new: { total: [{ numeric: ['>=', 9007199254740994] }] } }",
    '{ new: { vip: [false] } }',
    '{ new: { vip: ["true"] } }',
    '{ new: { tags: [red] } }',
    '{ new: { tags: [{ anything-but: blue }] } }',
    '{ new: { missing: [{ anything-but: blue }] } }',
    '{ new: { missing: [{ exists: true }] } }',
    '{ new: { status: [{ exists: false }] } }',
    '{ new: { status: [{ wildcard: "pa*aid" }] } }',
    '{ new: { status: [{ wildcard: "pai" }] } }',
    '{ new: { constructor: [{ exists: true }] } }',
    '{ new: { $or: [{ status: [open] }, { vip: [false] }] } }',
  ])('does not match with %s', (condition) => {
    expect(matches(condition)).toBe(false);
  });

  it.each([
    ['paid', '', 'must be a map with new, old, keys'],
    ['{}', '', 'must not be empty'],
    ['{ status: [paid] }', 'status', 'begins with new, old, keys or $or'],
    ['{ new: [paid] }', 'new', 'must be a map of attributes'],
    ['{ new: { status: paid } }', 'new status', 'must be a list of values'],
    ['{ new: { status: [] } }', 'new status', 'at least one value'],
    ['{ new: { status: [{ like: x }] } }', 'new status 0 like', 'is not known'],
    ['{ new: { status: [{ prefix: a, suffix: b }] } }', 'new status 0', 'must have one of'],
    ['{ new: { status: [{ prefix: 1 }] } }', 'new status 0 prefix', 'must be a text'],
    ['{ new: { status: [[a]] } }', 'new status 0', 'must be a value or one of'],
    ['{ new: { n: [{ numeric: [">"] }] } }', 'new n 0 numeric', 'must be pairs'],
    ['{ new: { n: [{ numeric: ["!=", 1] }] } }', 'new n 0 numeric', 'must be pairs'],
    ['{ new: { n: [{ exists: 1 }] } }', 'new n 0 exists', 'true or false'],
    ['{ new: { n: [{ anything-but: [] }] } }', 'new n 0 anything-but', 'at least one value'],
    ['{ new: { n: [{ anything-but: { exists: true } }] } }', 'new n 0 anything-but', 'must not contain exists'],
    ['{ $or: [] }', '$or', 'must be a list of conditions'],
  ])('is refused as %s', (condition, path, message) => {
    const { problems } = compilePattern(parse(condition, { intAsBigInt: true }));
    expect(problems.map((problem) => problem.path.join(' '))).toEqual([path]);
    expect(problems[0]?.message).toContain(message);
  });
});
