import type { LambdaInstance } from '../service/lambda-pool.ts';
import { answerFailures } from './answer-failures.ts';

const request = { requestContext: { http: { method: 'GET', path: '/' } } };

/** Returns a function that runs `run` behind `answerFailures`. */
function aFunction(run: () => Promise<unknown>, log = (_: string): void => undefined) {
  const instance: LambdaInstance = { setEvent: () => undefined, runHandler: run, cleanup: async () => undefined };
  const source = { get: () => instance };
  answerFailures(source, log);
  return (event: object) => {
    const one = source.get();
    one.setEvent({ ...event });
    return one.runHandler();
  };
}

const problem = (code: string) => ({ code, detail: expect.any(String) });

describe('a function that answers HTTP', () => {
  it.each([
    ['throws', () => Promise.reject(new TypeError('in /home/someone/secret.ts')), 500, 'internal_error'],
    ['takes too long', () => Promise.reject(new Error('[504] - Lambda timeout.')), 503, 'unavailable'],
    ['returns nothing', () => Promise.resolve(undefined), 500, 'internal_error'],
    ['returns null', () => Promise.resolve(null), 500, 'internal_error'],
    ['returns a status as text', () => Promise.resolve({ statusCode: '200' }), 500, 'internal_error'],
    ['returns a body that is not text', () => Promise.resolve({ statusCode: 200, body: {} }), 500, 'internal_error'],
  ])('that %s gets its failure answered', async (_, run, statusCode, code) => {
    const answer = await aFunction(run)(request);
    expect(answer).toMatchObject({ statusCode });
    expect(JSON.parse((answer as { body: string }).body)).toEqual(problem(code));
  });

  it.each([{ statusCode: 204 }, { statusCode: 200, body: 'x' }, { anything: 1 }, 'text'])(
    'keeps its answer %j',
    async (answer) => {
      expect(await aFunction(() => Promise.resolve(answer))(request)).toBe(answer);
    },
  );

  it('has its error in the log, which the caller does not see', async () => {
    const lines: string[] = [];
    await aFunction(
      () => Promise.reject(new Error('cannot read /etc/x')),
      (line) => lines.push(line),
    )(request);
    expect(lines).toEqual([expect.stringContaining('cannot read /etc/x')]);
  });

  it('answers again when it has recovered', async () => {
    let tries = 0;
    const call = aFunction(async () => {
      tries += 1;
      if (tries === 1) throw new Error('EMFILE: too many open files');
      return { statusCode: 200 };
    });
    expect([await call(request), await call(request)]).toMatchObject([{ statusCode: 500 }, { statusCode: 200 }]);
  });
});

it('does not change the failure of a queue or stream function', async () => {
  await expect(aFunction(() => Promise.reject(new Error('boom')))({ Records: [] })).rejects.toThrow('boom');
});
