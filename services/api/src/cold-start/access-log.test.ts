import { createAccessLog } from './access-log.ts';
import { readApiConfiguration } from './configuration.ts';

const request = { requestId: 'request', status: 202, durationMs: 3 };

/** The lines that a function writes in an environment. */
function linesIn(environment: NodeJS.ProcessEnv): readonly unknown[] {
  const lines: unknown[] = [];
  const configuration = readApiConfiguration({ POSTHORN_STAGE: 'prod', ...environment });
  const logRequest = createAccessLog('post-message', configuration, {
    writeAccess: (line) => void lines.push(JSON.parse(line)),
  });
  logRequest(request);
  return lines;
}

it.each<[string, NodeJS.ProcessEnv]>([
  ['by default', {}],
  ['at the level of the busy functions', { POWERTOOLS_LOG_LEVEL: 'WARN' }],
  ['if it is on', { POSTHORN_ACCESS_LOG: 'on' }],
])('has a line with what Lambda needs to keep it, %s', (_, environment) => {
  const head = { level: 'INFO', message: 'request.answered', timestamp: expect.stringMatching(/^\d{4}-.*Z$/) };
  expect(linesIn(environment)).toEqual([{ ...head, service: 'posthorn-post-message', ...request }]);
});

it('has none if it is off', () => expect(linesIn({ POSTHORN_ACCESS_LOG: 'off' })).toEqual([]));

it('refuses any other value', () =>
  expect(() => linesIn({ POSTHORN_ACCESS_LOG: 'maybe' })).toThrow(/POSTHORN_ACCESS_LOG: must be 'on' or 'off'/));
