import { type Queue, toDeliveryJob, toTaskJob } from '@posthorn/contracts';
import type { DeadLetterEntry, DeadLetters } from '@posthorn/queues/dead-letters/dead-letters';
import { redrive, type SeenEntry } from './redrive.ts';
import { ageText, redriveJson, redriveText } from './redrive-text.ts';

const sentAt = new Date('2026-01-01T00:00:00Z');
const now = new Date('2026-01-01T03:00:00Z');
const job = toDeliveryJob({
  organisationId: 'org_1',
  applicationId: 'app_1',
  messageId: 'msg_1',
  endpointId: 'ep_1',
  attemptNumber: 2,
  scheduledAt: sentAt,
  trigger: 'scheduled',
});
const anEntry = (id: string, overrides: Partial<DeadLetterEntry> = {}): DeadLetterEntry => ({
  queue: 'deliveries-dead-letters',
  id,
  receiptHandle: id,
  body: job,
  sentAt,
  reason: 'row has an invalid attribute: url',
  ...overrides,
});

/** Queues in memory. An entry that was received is hidden until it is shown. */
function aWorld(entries: readonly DeadLetterEntry[], moveTo: DeadLetters['moveTo'] = async () => undefined) {
  const stored = [...entries];
  const hidden = new Set<string>();
  const moved: [id: string, to: Queue][] = [];
  const letters: DeadLetters = {
    receive: async (queue) => {
      const found = stored.filter((entry) => entry.queue === queue && !hidden.has(entry.id)).slice(0, 2);
      for (const { id } of found) hidden.add(id);
      return found;
    },
    show: async ({ id }) => void hidden.delete(id),
    remove: async (entry) => void stored.splice(stored.indexOf(entry), 1),
    count: async (queue) => stored.filter((entry) => entry.queue === queue).length,
    moveTo: async (entry, to) => {
      await moveTo(entry, to);
      moved.push([entry.id, to]);
      stored.splice(
        stored.findIndex(({ id }) => id === entry.id),
        1,
      );
    },
  };
  const told: SeenEntry[] = [];
  return { letters, stored, hidden, moved, told, tell: (seen: SeenEntry) => void told.push(seen) };
}

const all = [
  anEntry('1'),
  anEntry('2', { body: 'no job', reason: 'not a delivery job' }),
  anEntry('3', { queue: 'deliveries-dead-letters.fifo', group: 'g', reason: 'retries exhausted' }),
  anEntry('4', { queue: 'deliveries-dead-letters.fifo', group: 'h' }),
  anEntry('5', { queue: 'stream-failures', body: '{"table":"posthorn-local-messages","key":{"row":"msg_1"}}' }),
];

describe('a redrive', () => {
  it('lists everything and changes nothing if nothing is selected', async () => {
    const world = aWorld(all);
    const queues = await redrive(world.letters, { kind: 'none' }, world.tell);
    expect(queues.map(({ queue, entries }) => [queue, entries.length])).toEqual([
      ['deliveries-dead-letters', 2],
      ['deliveries-dead-letters.fifo', 2],
      ['tasks-dead-letters', 0],
      ['stream-failures', 1],
    ]);
    expect([world.moved, world.stored, world.hidden.size]).toEqual([[], all, 0]);
    const text = redriveText(queues, { kind: 'none' }, now);
    expect(text).toContain('  1  3 h old\n    reason: row has an invalid attribute: url\n');
    expect(text).toContain('applicationId app_1, endpointId ep_1, messageId msg_1, attemptNumber 2');
    expect(text).toContain('stays: not a delivery job');
    expect(text).toContain('tasks-dead-letters: empty');
    expect(text).toContain('5 dead letters: --all redrives the 3 that are jobs or records, --id ID one of them.');
  });

  it('moves every job, and names what stays', async () => {
    const world = aWorld(all);
    const queues = await redrive(world.letters, { kind: 'all' }, world.tell, async () => 'its hour is not over');
    expect(world.moved).toEqual([
      ['1', 'deliveries'],
      ['4', 'deliveries.fifo'],
    ]);
    expect(world.stored.map(({ id }) => id)).toEqual(['2', '3', '5']);
    expect(world.hidden).toEqual(new Set(['1', '4']));
    expect(world.told.map(({ entry }) => entry.id)).toEqual(['1', '4']);
    expect(redriveText(queues, { kind: 'all' }, now)).toContain('2 redriven, 3 left.');
    expect(redriveJson(queues, now)).toMatchObject({
      redriven: 2,
      queues: [
        {
          entries: [
            { id: '1', redriven: true, queue: 'deliveries', messageId: 'msg_1', ageSeconds: 10_800 },
            { id: '2', redriven: false, stays: 'not a delivery job' },
          ],
        },
        { entries: [{ id: '3', group: 'g', redriven: false }, { id: '4' }] },
        { entries: [] },
        { entries: [{ id: '5', table: 'posthorn-local-messages', redriven: false, stays: 'its hour is not over' }] },
      ],
    });
  });

  it('puts the body in place that the plan asks for, so that a slice makes its failed task go on', async () => {
    const slice = { organisationId: 'org_1', applicationId: 'app_1', taskId: 'qtask_1', slice: 2 };
    const bodies: string[] = [];
    const entries = [anEntry('1'), anEntry('2', { queue: 'tasks-dead-letters', body: toTaskJob(slice) })];
    const world = aWorld(entries, async ({ body }) => void bodies.push(body));
    await redrive(world.letters, { kind: 'all' }, world.tell);
    expect(bodies.toSorted()).toEqual([job, toTaskJob({ ...slice, resumes: true })].toSorted());
  });

  it('runs the records of a notice, and removes it', async () => {
    const world = aWorld(all);
    const bodies: string[] = [];
    const queues = await redrive(world.letters, { kind: 'ids', ids: new Set(['5']) }, world.tell, async (body) => {
      bodies.push(body);
      return undefined;
    });
    expect(bodies).toEqual([all[4]?.body]);
    expect([world.moved, world.stored.map(({ id }) => id)]).toEqual([[], ['1', '2', '3', '4']]);
    expect(redriveText(queues, { kind: 'all' }, now)).toContain('its records were run again');
  });

  it('moves those that are named', async () => {
    const world = aWorld(all);
    await redrive(world.letters, { kind: 'ids', ids: new Set(['4', '2']) }, world.tell);
    expect(world.moved).toEqual([['4', 'deliveries.fifo']]);
    expect(world.hidden).toEqual(new Set(['4']));
  });

  it('shows what it has not moved if it fails in the middle', async () => {
    const world = aWorld([anEntry('1'), anEntry('2'), anEntry('3')], async ({ id }) => {
      if (id === '2') throw new Error('the queue is away');
    });
    await expect(redrive(world.letters, { kind: 'all' }, world.tell)).rejects.toThrow('the queue is away');
    expect(world.moved).toEqual([['1', 'deliveries']]);
    expect(world.told.map(({ entry }) => entry.id)).toEqual(['1']);
  });

  it('says how many entries wait behind others of their group', async () => {
    const world = aWorld(all);
    const count = async () => 7;
    const queues = await redrive({ ...world.letters, count }, { kind: 'none' }, world.tell);
    expect(redriveText(queues, { kind: 'none' }, now)).toContain('  5 more: run this again to see them');
  });

  it.each([
    [-3, '0 s'],
    [59, '59 s'],
    [90, '1 min'],
    [7_300, '2 h'],
    [200_000, '2 d'],
  ])('shows an age of %d s as %s', (seconds, text) => expect(ageText(seconds)).toBe(text));
});
