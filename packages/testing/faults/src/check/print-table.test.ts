import { aGoodHistory, aRequest } from '../fixtures/events.ts';
import { checkHistory } from './check-history.ts';
import { describeViolations } from './describe-violations.ts';
import { printTable } from './print-table.ts';

const fault = { kind: 'fault', fault: 'tables: error' } as const;
const bad = [fault, ...aGoodHistory(2), aRequest(2, { order: 9, at: 9_000, endedAt: 9_001, timestamp: 9 })];

it('shows each promise and cause, a column for each scenario', () => {
  const table = printTable([
    { scenario: 'good', verdict: checkHistory(aGoodHistory(3)) },
    { scenario: 'bad', verdict: checkHistory(bad) },
  ]).split('\n');
  expect(table[0]).toMatch(/^ +good {2}bad$/);
  expect(table).toContainEqual(expect.stringMatching(/^deliveries +3 {4}2$/));
  expect(table).toContainEqual(expect.stringMatching(/^faults caused, tables: error +0 {4}1$/));
  expect(table).toContainEqual(expect.stringMatching(/^deliveries lost +0 {4}0$/));
  expect(table).toContainEqual(expect.stringMatching(/^duplicates without a known cause +0 {4}1$/));
  expect(table).toContainEqual(expect.stringMatching(/^duplicates \(a\) of attempts in flight at a kill +0 {4}0$/));
});

it('shows the events of the message that a violation concerns, in order, and of no other', () => {
  const lines = describeViolations(checkHistory(bad).violations, bad);
  expect(lines[0]).toBe('unexplained: /0/a/accept/always msg_2: request 9');
  expect(lines.slice(1).map((line) => JSON.parse(line).kind)).toEqual(['accepted', 'received', 'received', 'recorded']);
  expect(lines.join()).not.toContain('msg_1');
});

it('shows the first violations of each promise', () => {
  const many = (promise: 'lost' | 'statistics') => Array.from({ length: 9 }, (_, n) => ({ promise, what: String(n) }));
  const lines = describeViolations([...many('lost'), ...many('statistics')], []);
  expect(lines.slice(4, 7)).toEqual(['lost: 4', '… and 4 more of lost', 'statistics: 0']);
  expect(lines.at(-1)).toBe('… and 4 more of statistics');
});
