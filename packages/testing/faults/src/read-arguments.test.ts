import { help, readArguments } from './read-arguments.ts';

const names = ['receivers', 'kills', 'calls'];
const read = (...args: readonly string[]) => readArguments(args, names);
const each = { messages: 300, seed: 53, only: names, keep: false };

it('runs every scenario with some messages', () => {
  expect(read()).toEqual({ kind: 'run', wanted: each });
  expect(read('--')).toEqual({ kind: 'run', wanted: each });
});

it('shares the messages among the scenarios that run', () => {
  expect(read('--messages', '1000')).toMatchObject({ wanted: { messages: 334 } });
  expect(read('--messages', '1000', '--only', 'calls', '--seed', '0', '--keep')).toEqual({
    kind: 'run',
    wanted: { messages: 1_000, seed: 0, only: ['calls'], keep: true },
  });
});

it.each([
  [['--messages', 'abc'], '--messages must be from 1 to 1000000'],
  [['--messages', '0'], '--messages must be from 1 to 1000000'],
  [['--messages', '1e3'], '--messages must be from 1 to 1000000'],
  [['--seed=-1'], '--seed must be from 0 to 4294967295'],
  [['--seed', ''], '--seed must be from 0 to 4294967295'],
  [['--only', 'call'], 'There is no scenario call. There are: receivers, kills, calls'],
  [['--mesages', '3'], expect.stringContaining("Unknown option '--mesages'")],
])('refuses %j', (args, reason) => {
  expect(read(...args)).toEqual({ kind: 'refused', reason });
});

it('prints its options and the scenarios on request', () => {
  expect(read('--help', '--seed', '1')).toEqual({ kind: 'help' });
  for (const part of ['--messages', '--seed', '--only', '--keep', ...names]) expect(help(names)).toContain(part);
});

it('runs those that are meant to run by default, and others only by their names', () => {
  const only = (...args: readonly string[]) => {
    const result = readArguments(args, ['a', 'b'], ['a']);
    return result.kind === 'run' ? result.wanted.only : result;
  };
  expect(only()).toEqual(['a']);
  expect(only('--only', 'b')).toEqual(['b']);
});
