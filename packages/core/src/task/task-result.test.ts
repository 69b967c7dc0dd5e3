import { joinEntries, type TaskResultEntry } from './task-result.ts';

const counted = (applicationId: string, attempts: number) => ({ applicationId, uid: 'toys', attempts });
const listed = (applicationId: string, eventTypes: readonly string[], hasCatchAll = false) => ({
  applicationId,
  eventTypes,
  hasCatchAll,
});

describe('the entries of a result', () => {
  it.each<[string, readonly TaskResultEntry[], readonly TaskResultEntry[]]>([
    ['none', [], []],
    ['one for each application', [counted('a', 1), counted('b', 2)], [counted('a', 1), counted('b', 2)]],
    [
      'several counts of one application',
      [counted('a', 1), counted('b', 2), counted('b', 0), counted('b', 5), counted('c', 1)],
      [counted('a', 1), counted('b', 7), counted('c', 1)],
    ],
    [
      'several lists of one application',
      [listed('a', ['x']), listed('a', ['y', 'z'], true), listed('b', [])],
      [listed('a', ['x', 'y', 'z'], true), listed('b', [])],
    ],
  ])('are joined by application: %s', (_, entries, joined) => expect(joinEntries(entries)).toEqual(joined));

  it('are of one task', () => {
    expect(() => joinEntries([counted('a', 1), listed('a', [])])).toThrow('different tasks');
  });
});
