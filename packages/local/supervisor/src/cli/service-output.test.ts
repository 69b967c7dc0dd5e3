import { toAccessLine } from '@posthorn/contracts/api/request-facts';
import { createServiceOutput } from './service-output.ts';

function anOutput() {
  const lines: string[] = [];
  const access: string[] = [];
  const output = createServiceOutput(
    (line) => lines.push(line),
    (line) => access.push(line),
  );
  return { lines, access, ...output };
}

describe("the services' output", () => {
  it('prints nothing while the services work', () => {
    const { onLine, onChange, lines } = anOutput();
    onChange({ kind: 'started', name: 'api', pid: 1 });
    onLine('api', 'Server ready');
    onLine('api', '');
    expect(lines).toEqual([]);
  });

  it('prints lines of the access log apart, as they are', () => {
    const { onLine, lines, access } = anOutput();
    const line = toAccessLine('posthorn-http', { requestId: 'a', status: 400, durationMs: 0 }, new Date(0));
    onLine('host', line);
    expect([lines, access]).toEqual([[], [line]]);
  });

  it.each(['{"level":"ERROR"}', 'Warning: careful', 'Error: no', '× Uncaught'])('prints %s at once', (line) => {
    const { onLine, lines } = anOutput();
    onLine('api', line);
    expect(lines).toEqual([`[api] ${line}`]);
  });

  it('prints the last lines of a dead service only once, and says that it is started again', () => {
    const { onLine, onChange, lines } = anOutput();
    for (let line = 1; line <= 41; line += 1) onLine('api', `line ${line}`);
    onLine('db-triggers', 'not of interest');
    onChange({ kind: 'died', name: 'api', how: 'SIGKILL', restartInMs: 0 });
    expect(lines).toHaveLength(41);
    expect([lines[0], lines.at(-2), lines.at(-1)]).toEqual([
      '[api] line 2',
      '[api] line 41',
      'api died (SIGKILL); it is started again',
    ]);
    onChange({ kind: 'gave-up', name: 'api' });
    expect(lines.slice(41)).toEqual(['api died again before it was ready']);
  });
});
