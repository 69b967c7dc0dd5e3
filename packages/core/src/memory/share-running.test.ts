import { shareRunning } from './share-running.ts';

/** A function that counts its runs, and ends each when it is told to. */
function aSlowFunction() {
  const runs: { readonly names: readonly string[]; end(error?: Error): void }[] = [];
  const shared = shareRunning(
    (...names: readonly [string, string]) =>
      new Promise<string>((resolve, reject) => {
        runs.push({ names, end: (error) => (error ? reject(error) : resolve(names.join())) });
      }),
  );
  return { shared, runs };
}

it('runs once for calls at the same time, and again later', async () => {
  const { shared, runs } = aSlowFunction();
  const calls = [shared('a', 'b'), shared('a', 'b')];
  expect(runs).toHaveLength(1);
  runs[0]?.end();
  expect(await Promise.all(calls)).toEqual(['a,b', 'a,b']);
  const later = shared('a', 'b');
  expect(runs).toHaveLength(2);
  runs[1]?.end();
  expect(await later).toBe('a,b');
});

it('tells calls with other arguments apart, also if they give the same text when they are joined', () => {
  const { shared, runs } = aSlowFunction();
  void shared('a', 'b');
  void shared('a b', '');
  void shared('a', ' b');
  expect(runs.map(({ names }) => names)).toEqual([
    ['a', 'b'],
    ['a b', ''],
    ['a', ' b'],
  ]);
});

it('gives an error to all that waited for it, and remembers none', async () => {
  const { shared, runs } = aSlowFunction();
  const calls = [shared('a', 'b'), shared('a', 'b')];
  runs[0]?.end(new Error('away'));
  expect((await Promise.allSettled(calls)).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  void shared('a', 'b');
  expect(runs).toHaveLength(2);
});
