import type { Change, Storage } from '@posthorn/local-storage';
import { openTestQueues } from '../testing/builders.ts';
import { checkQueues } from './check-queues.ts';

const definitions = [
  { name: 'jobs', deadLetters: { name: 'dead', maxReceiveCount: 3 } },
  { name: 'dead' },
  { name: 'jobs.fifo', fifo: true },
];

let storage: Storage;
beforeEach(async () => {
  const { queues, send, queue, ...opened } = await openTestQueues(definitions);
  storage = opened.storage;
  await send('jobs', 'a', 'one', 'two');
  await send('jobs.fifo', 'a', 'one', 'two', 'three');
  await queues.execute('SendMessage', { QueueUrl: 'jobs', MessageBody: 'later', DelaySeconds: 60 });
  await queue('jobs').take(1);
  await queues.close();
});

/** Changes the first row under a prefix behind the queues' back. */
async function change(prefix: string, to: (row: string) => string | undefined, rename = (key: string) => key) {
  for await (const rows of storage.rows({ gte: prefix, lt: `${prefix}~` })) {
    const [key, value] = rows[0] ?? ['', ''];
    const next = to(value);
    const changes: Change[] = [{ type: 'del', key }];
    await storage.commit(next === undefined ? changes : [...changes, { type: 'put', key: rename(key), value: next }]);
    return;
  }
  throw new Error(`no row starts with ${prefix}`);
}

const remove = () => undefined;
const keep = (row: string) => row;

it('finds nothing wrong with what the queues wrote', async () => {
  expect(await checkQueues(storage)).toEqual([]);
});

it.each([
  ['a missing message', () => change('q/m/1/', remove), 'queue jobs has 1 messages, but counts 2'],
  ['a missing delayed message', () => change('q/d/1/', remove), 'queue jobs has 0 delayed messages, but counts 1'],
  ['missing counts', () => change('q/n/3', remove), 'queue jobs.fifo has 3 messages, but counts 0'],
  ['counts that are not numbers', () => change('q/n/3', () => 'x'), 'queue jobs.fifo has counts that cannot be read'],
  ['a message that is none', () => change('q/m/3/', () => 'x'), 'queue jobs.fifo q/m/3/a 0000000000000001 is not a'],
  [
    'a message with a number that was not given yet',
    () => change('q/m/3/', keep, (key) => key.replace(/1$/, '9')),
    'queue jobs.fifo q/m/3/a 0000000000000009 has a higher number than the last one, 3',
  ],
  ['a list of flights that is none', () => change('q/f/1/', () => 'x'), 'is not a list of messages in flight'],
  ['a missing dead-letter queue', () => change('q/q/dead', remove), 'queue jobs has no dead-letter queue dead'],
  [
    'an import that is not finished',
    () => storage.commit([{ type: 'put', key: 'q/i', value: '7' }]),
    'queues lack messages',
  ],
])('finds %s', async (_, damage, problem) => {
  await damage();
  const lines = (await checkQueues(storage)).map((finding) => `${finding.file} ${finding.problem}`);
  expect(lines.join('\n')).toContain(problem);
});
