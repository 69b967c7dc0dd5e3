import { PassingError } from './passing-error.ts';
import { runInKeyOrder } from './run-in-key-order.ts';

interface Entry {
  readonly name: string;
  readonly keys: readonly string[];
}

const entry = (name: string, ...keys: readonly string[]): Entry => ({ name, keys });

/** Runs entries that end when they are told to. */
function aRun(entries: readonly Entry[]) {
  const started: string[] = [];
  const ends = new Map(entries.map(({ name }) => [name, Promise.withResolvers<void>()]));
  const result = runInKeyOrder(entries, {
    keysOf: ({ keys }) => keys,
    run: ({ name }) => {
      started.push(name);
      return ends.get(name)?.promise ?? Promise.resolve();
    },
  });
  const settle = async () => {
    for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
    return started;
  };
  return {
    started: settle,
    end: async (name: string) => {
      ends.get(name)?.resolve();
      return settle();
    },
    fail: async (name: string, error: Error) => {
      ends.get(name)?.reject(error);
      return settle();
    },
    failed: async () => (await result).map((failure) => [failure.entry.name, failure.error]),
  };
}

describe('a batch in the order of keys', () => {
  it('runs entries of one key one after the other, and others at the same time', async () => {
    const run = aRun([entry('a1', 'a'), entry('a2', 'a'), entry('b1', 'b'), entry('b2', 'b')]);
    expect(await run.started()).toEqual(['a1', 'b1']);
    expect(await run.end('b1')).toEqual(['a1', 'b1', 'b2']);
    expect(await run.end('a1')).toEqual(['a1', 'b1', 'b2', 'a2']);
    await run.end('a2');
    await run.end('b2');
    expect(await run.failed()).toEqual([]);
  });

  it('waits for the earlier entries of each of its keys', async () => {
    const run = aRun([entry('1', 'item 1', 'shop'), entry('2', 'item 2', 'shop'), entry('3', 'item 2', 'other')]);
    expect(await run.started()).toEqual(['1']);
    expect(await run.end('1')).toEqual(['1', '2']);
    expect(await run.end('2')).toEqual(['1', '2', '3']);
    await run.end('3');
    expect(await run.failed()).toEqual([]);
  });

  it('runs nothing behind a passing error of a key, and everything behind a permanent one', async () => {
    const run = aRun([entry('a1', 'a'), entry('a2', 'a'), entry('b1', 'b'), entry('b2', 'b'), entry('ab', 'a', 'b')]);
    const [outage, bug] = [new PassingError('away'), new TypeError('bug')];
    await run.fail('a1', outage);
    expect(await run.fail('b1', bug)).toEqual(['a1', 'b1', 'b2']);
    await run.end('b2');
    expect(await run.failed()).toEqual([
      ['a1', outage],
      ['b1', bug],
    ]);
    expect(await run.started()).toEqual(['a1', 'b1', 'b2']);
  });
});
