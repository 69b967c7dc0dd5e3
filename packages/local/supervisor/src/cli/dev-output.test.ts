import { createDevOutput } from './dev-output.ts';

describe("the services' output under dev", () => {
  it('has each line with the name of its service, without the table of the routes', () => {
    const lines: string[] = [];
    const output = createDevOutput((line) => lines.push(line));
    for (const line of ['hello', '', '│ GET │', '{"level":"INFO"}']) output.onLine('api', line);
    output.onChange({ kind: 'started', name: 'api', pid: 1 });
    output.onChange({ kind: 'died', name: 'api', how: 'SIGKILL', restartInMs: 0 });
    output.onChange({ kind: 'gave-up', name: 'api' });
    output.say('api starts again');
    expect(lines).toEqual([
      '[api] hello',
      '[api] {"level":"INFO"}',
      '[dev] api died (SIGKILL); it is started again',
      '[dev] api does not run: see its lines above. It starts again when its code changes',
      '[dev] api starts again',
    ]);
  });
});
