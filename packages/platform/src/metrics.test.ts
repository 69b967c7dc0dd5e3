import { createCounters } from './metrics.ts';

/** The lines that are written to standard output while `run` runs. */
function linesOf(run: () => void): readonly Record<string, unknown>[] {
  const { write } = process.stdout;
  const lines: string[] = [];
  process.stdout.write = (text: string | Uint8Array) => {
    lines.push(String(text));
    return true;
  };
  try {
    run();
  } finally {
    process.stdout.write = write;
  }
  return lines.map((line) => JSON.parse(line));
}

describe('counters', () => {
  it('write the sum of each name once', () => {
    const counters = createCounters('a-service');
    const [line, ...others] = linesOf(() => {
      for (const _ of [1, 2, 3]) counters.add('AttemptsSucceeded', 2);
      counters.add('AttemptsFailed', 1);
      counters.flush();
      counters.flush();
    });
    expect(line).toMatchObject({ AttemptsSucceeded: 6, AttemptsFailed: 1, service: 'a-service' });
    expect(others).toEqual([]);
  });

  it('begin at nothing after they were written', () => {
    const counters = createCounters('a-service');
    const lines = linesOf(() => {
      for (const _ of [1, 2]) {
        counters.add('DeliveriesQueued', 1);
        counters.flush();
      }
    });
    expect(lines.map(({ DeliveriesQueued }) => DeliveriesQueued)).toEqual([1, 1]);
  });
});
