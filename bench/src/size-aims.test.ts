import { checkProgram, checkSizes, ingestion } from './size-aims.ts';

const small = { name: ingestion, kilobytes: 400, loadMs: 149 };
const missedBy = (...functions: Parameters<typeof checkSizes>[0]) =>
  checkSizes(functions).map((aim) => aim.missedBy ?? 'met');

describe('the aims for the sizes of functions', () => {
  it('are met at their limits', () => {
    expect(missedBy(small, { name: 'api/messages', kilobytes: 699, loadMs: 900 })).toEqual(['met', 'met', 'met']);
  });

  it('are missed by a large function, unless it has transformations', () => {
    const large = { kilobytes: 700, loadMs: 0 };
    const functions = [
      { ...large, name: 'api/messages' },
      { ...large, name: 'queue-workers/deliver-fifo' },
    ];
    expect(missedBy(small, ...functions)).toEqual(['api/messages', 'met', 'met']);
  });

  it('are missed if the function that accepts messages has grown, or loads slowly', () => {
    expect(missedBy({ ...small, kilobytes: 641, loadMs: 150 })).toEqual(['met', '641 KB', '150 ms']);
  });

  it('need the function that accepts messages', () => {
    expect(() => checkSizes([])).toThrow(ingestion);
  });
});

describe('the aims for the command line', () => {
  const check = (kilobytes: number, startMs: number) =>
    checkProgram({ kilobytes, startMs, emptyStartMs: 40 }).map((aim) => aim.missedBy ?? 'met');

  it('are met at their limits', () => expect(check(300, 80)).toEqual(['met', 'met']));

  it('are missed by a large file and by a slow start', () => expect(check(301, 100)).toEqual(['301 KB', '2.50 times']));
});
