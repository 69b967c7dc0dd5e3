import { createLog } from './log.ts';

/** The events that are written at a level. */
function eventsAt(level: string): readonly string[] {
  const before = process.env.POWERTOOLS_LOG_LEVEL;
  const { write } = process.stdout;
  const { write: writeError } = process.stderr;
  const lines: string[] = [];
  const keep = (text: string | Uint8Array) => lines.push(String(text)) > 0;
  process.env.POWERTOOLS_LOG_LEVEL = level;
  process.stdout.write = keep;
  process.stderr.write = keep;
  try {
    const log = createLog('a-service');
    log.info('attempt.finished', { status: 204 });
    log.warn('delivery.dropped');
    log.error('delivery.set_aside');
  } finally {
    process.stdout.write = write;
    process.stderr.write = writeError;
    if (before === undefined) delete process.env.POWERTOOLS_LOG_LEVEL;
    else process.env.POWERTOOLS_LOG_LEVEL = before;
  }
  return lines.map((line) => JSON.parse(line).message);
}

describe('the log', () => {
  it.each([
    ['DEBUG', ['attempt.finished', 'delivery.dropped', 'delivery.set_aside']],
    ['INFO', ['attempt.finished', 'delivery.dropped', 'delivery.set_aside']],
    ['WARN', ['delivery.dropped', 'delivery.set_aside']],
    ['ERROR', ['delivery.set_aside']],
    ['SILENT', []],
  ])('at %s writes %j', (level, events) => {
    expect(eventsAt(level)).toEqual(events);
  });
});
