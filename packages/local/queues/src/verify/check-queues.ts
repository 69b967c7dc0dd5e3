import type { Finding, Range, RowCheck, VerifiedRows } from '@posthorn/local-storage';
import type { QueueDefinition } from '../definition.ts';
import { importProgress } from '../import/import-progress.ts';
import { type Counters, readCounters } from '../queue/counters.ts';
import { parseTakeRow } from '../queue/take-row.ts';
import { delayedPlaceOf, keys, type MessagePlace, placeOf, ranges } from '../rows/keys.ts';
import { toMessage } from '../rows/message-row.ts';

const maxFindings = 100;

interface QueueRow {
  readonly id: string;
  readonly definition: QueueDefinition;
}

type Report = (row: string, problem: string) => void;

/**
 * Checks all queues in a storage: the counts are those of the rows, each message can be read and was numbered, and
 * dead-letter queues exist.
 *
 * @example
 * await verify('.data', { check: checkQueues }); // => { findings: [], rows: 1200 }
 */
export const checkQueues: RowCheck = async (rows) => {
  const findings: Finding[] = [];
  const queues: QueueRow[] = [];
  // Only `openQueues` writes these rows.
  for await (const portion of rows.rows(ranges.queues))
    for (const [, text] of portion) queues.push(JSON.parse(text) as QueueRow);
  if (importProgress(rows)?.isFinished === false)
    findings.push({ file: 'queues', problem: 'lack messages: their import is not finished. A start finishes it' });
  const names = new Set(queues.map(({ definition }) => definition.name));
  for (const queue of queues) {
    const { name, deadLetters } = queue.definition;
    const report: Report = (row, problem) => {
      if (findings.length < maxFindings) findings.push({ file: `queue ${name}${row}`, problem });
    };
    if (deadLetters && !names.has(deadLetters.name)) report('', `has no dead-letter queue ${deadLetters.name}`);
    await checkQueue(rows, queue, report);
  }
  return findings;
};

async function checkQueue(rows: VerifiedRows, { id }: QueueRow, report: Report): Promise<void> {
  const counters = readCounters(rows.get(keys.counters(id)));
  if (Object.values(counters).some((count) => !isCount(count))) {
    report('', 'has counts that cannot be read');
    return;
  }
  const check = (range: Range, place: (key: string, id: string) => MessagePlace) =>
    checkMessages({ rows, range, report, counters, placeOf: (key) => place(key, id) });
  const messages = await check(ranges.messages(id), placeOf);
  if (messages !== counters.messages) report('', `has ${messages} messages, but counts ${counters.messages}`);
  const delayed = await check(ranges.delayed(id), delayedPlaceOf);
  if (delayed !== counters.delayed) report('', `has ${delayed} delayed messages, but counts ${counters.delayed}`);
  for await (const portion of rows.rows(ranges.takes(id))) {
    for (const [key, text] of portion) {
      const isTaken = parseTakeRow(text).every((taken) => isNumbered(taken, counters) && isCount(taken.receives));
      if (!isTaken) report(` ${key}`, 'is not a list of messages in flight');
    }
  }
}

interface MessageCheck {
  readonly rows: VerifiedRows;
  readonly range: Range;
  readonly placeOf: (key: string) => MessagePlace;
  readonly counters: Counters;
  readonly report: Report;
}

/** @returns the count of messages */
async function checkMessages({ rows, range, placeOf, counters, report }: MessageCheck): Promise<number> {
  let count = 0;
  for await (const portion of rows.rows(range)) {
    for (const [key, text] of portion) {
      const place = placeOf(key);
      if (!isNumbered(place, counters))
        report(` ${key}`, `has a higher number than the last one, ${counters.sequence}`);
      if (!isMessage(text, place)) report(` ${key}`, 'is not a message');
    }
    count += portion.length;
  }
  return count;
}

const isCount = (value: number): boolean => Number.isSafeInteger(value) && value >= 0;

/** A later message would get the number again, and overwrite this one. */
const isNumbered = ({ sequence }: MessagePlace, counters: Counters): boolean =>
  isCount(sequence) && sequence <= counters.sequence;

function isMessage(text: string, place: MessagePlace): boolean {
  try {
    const { id, sentAt, receives } = toMessage(text, place);
    return id !== '' && isCount(sentAt) && isCount(receives);
  } catch {
    // Its extras are not JSON.
    return false;
  }
}
