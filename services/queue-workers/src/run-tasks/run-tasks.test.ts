import { attemptIdOf, type EndpointTask, firstDeliveryOf, PassingError, type Task, UnusableData } from '@posthorn/core';
import { aMessage, anAttempt, anEndpoint, aTask, ids, nthId, secondsLater } from '@posthorn/testing';
import { aSliceJob, aTaskWorld, attemptsOf, runToEnd } from '../fixtures/a-task-world.ts';

const window = { since: secondsLater(0), until: secondsLater(100_000) };
const now = secondsLater(200_000);
const aReplay = (overrides: Partial<EndpointTask> = {}) =>
  aTask({ work: { kind: 'endpoint.replay', ...window }, ...overrides });
const hasTime = () => true;

/** A second later each time. */
function tickingClock() {
  let time = now.getTime();
  return () => {
    time += 1_000;
    return new Date(time);
  };
}

async function aReplayWorld(messages: number, change?: Parameters<typeof aTaskWorld>[1]) {
  const world = aTaskWorld(now, change);
  await world.endpoints.insert(anEndpoint());
  for (let n = 0; n < messages; n += 1) await world.messages.insert(aMessage({ messageId: nthId('message', n) }));
  await world.tasks.insert(aReplay());
  return world;
}

describe('a slice of a task', () => {
  it('sends at most about 200 deliveries, stores how far it is, and lets the next one wait for the rate', async () => {
    const world = await aReplayWorld(450);
    expect(await world.run([aSliceJob(aReplay())], hasTime)).toEqual([]);
    expect(world.sent).toHaveLength(200);
    expect(await world.tasks.find(ids.organisation, ids.task)).toEqual(
      aReplay({ slice: 1, cursor: nthId('message', 199), sent: 200, pauseSeconds: 2, updatedAt: now }),
    );
    expect(await runToEnd(world, aReplay())).toMatchObject({ status: 'finished', slice: 3, sent: 450, skipped: 0 });
    expect(attemptsOf(world.sent).size).toBe(450);
  });

  it('reads on through messages that are not sent, but not without end', async () => {
    const world = await aReplayWorld(0);
    for (let n = 0; n < 1_200; n += 1)
      await world.messages.insert(aMessage({ messageId: nthId('message', n), channels: [`c${n}`] }));
    await world.endpoints.update(anEndpoint({ channels: ['c1150'] }), anEndpoint());
    await world.run([aSliceJob(aReplay())], hasTime);
    expect(await world.tasks.find(ids.organisation, ids.task)).toMatchObject({ sent: 0, skipped: 1_000, slice: 1 });
    expect(await runToEnd(world, aReplay())).toMatchObject({ status: 'finished', sent: 1, skipped: 1_199 });
  });

  it('ends after a page if the time of its function is nearly over', async () => {
    const world = await aReplayWorld(250);
    await world.run([aSliceJob(aReplay())], () => false);
    expect(await world.tasks.find(ids.organisation, ids.task)).toMatchObject({ sent: 100, slice: 1 });
  });

  it('is done once if two workers run it at the same time', async () => {
    const world = await aReplayWorld(150);
    const job = aSliceJob(aReplay());
    expect(await world.run([job, { ...job, id: 'copy' }], hasTime)).toEqual([]);
    expect(await world.tasks.find(ids.organisation, ids.task)).toMatchObject({ sent: 150, slice: 1 });
    expect(attemptsOf(world.sent).size).toBe(150);
  });

  it('does nothing if it comes late', async () => {
    const world = await aReplayWorld(450);
    await runToEnd(world, aReplay());
    const sent = world.sent.length;
    await world.run([aSliceJob(aReplay()), aSliceJob(aReplay({ slice: 3 }))], hasTime);
    expect(world.sent).toHaveLength(sent);
  });

  it('does nothing if its task is gone', async () => {
    const world = aTaskWorld(now);
    expect(await world.run([aSliceJob(aReplay())], hasTime)).toEqual([]);
    expect(world.lines).toEqual([]);
  });
});

describe('a crash in a slice', () => {
  const steps = ['before the task', 'before the endpoint', 'before a page', 'in a send', 'before the store'] as const;

  it.each([...steps, 'after the store'] as const)(
    '%s repeats at most the slice, and each delivery once',
    async (step) => {
      let deaths = 0;
      /** Dies the first time that the step is reached. */
      const dieAt = (reached: typeof step) => {
        if (reached !== step || deaths > 0) return;
        deaths += 1;
        throw new PassingError('the process died');
      };
      const world = await aReplayWorld(450, ({ tasks, findEndpoint, readPage, queue }) => ({
        tasks: {
          ...tasks,
          find: async (...key) => {
            dieAt('before the task');
            return tasks.find(...key);
          },
          advance: async (next, from) => {
            dieAt('before the store');
            const stored = await tasks.advance(next, from);
            dieAt('after the store');
            return stored;
          },
        },
        findEndpoint: async (...key) => {
          dieAt('before the endpoint');
          return findEndpoint(...key);
        },
        readPage: async (...page) => {
          dieAt('before a page');
          return readPage(...page);
        },
        queue: {
          ...queue,
          sendStandard: async (entries) => {
            await queue.sendStandard(entries.slice(0, 40));
            dieAt('in a send');
            return queue.sendStandard(entries.slice(40));
          },
        },
      }));
      const job = aSliceJob(aReplay());
      // The queue brings the job of a dead worker again.
      expect(await world.run([job], hasTime)).toEqual([job.id]);
      expect(await world.run([job], hasTime)).toEqual([]);
      expect(deaths).toBe(1);
      expect(await runToEnd(world, aReplay())).toMatchObject({ status: 'finished', sent: 450 });
      expect(attemptsOf(world.sent).size).toBe(450);
      expect(world.sent.length).toBeLessThanOrEqual(450 + 200);
    },
  );
});

describe('replaying what is missing', () => {
  it('sends messages that match and were never attempted, with the attempt id that fan-out gives', async () => {
    const world = await aReplayWorld(5);
    const message = (n: number) => aMessage({ messageId: nthId('message', n) });
    const first = firstDeliveryOf(message(1), ids.endpoint);
    await world.attempts.record(
      anAttempt({ messageId: message(1).messageId, attemptId: attemptIdOf(first), status: 'failed' }),
    );
    await world.attempts.record(
      anAttempt({ messageId: message(3).messageId, attemptId: nthId('attempt', 9), trigger: 'manual' }),
    );
    await world.attempts.record(
      anAttempt({ messageId: message(4).messageId, attemptId: nthId('attempt', 10), endpointId: nthId('endpoint', 2) }),
    );
    expect(await runToEnd(world, aReplay())).toMatchObject({ sent: 3, skipped: 2 });
    expect(world.sent).toEqual([0, 2, 4].map((n) => firstDeliveryOf(message(n), ids.endpoint)));
  });

  it('leaves out messages outside of its time, and those that the endpoint does not want', async () => {
    const world = await aReplayWorld(6);
    await world.endpoints.update(anEndpoint({ eventTypes: ['invoice.paid'] }), anEndpoint());
    await world.messages.insert(aMessage({ messageId: nthId('message', 7), eventType: 'invoice.sent' }));
    await world.messages.insert(aMessage({ messageId: nthId('message', 8), onlyTo: nthId('endpoint', 2) }));
    const task = aReplay({
      taskId: nthId('task', 1),
      work: { kind: 'endpoint.replay', since: secondsLater(2), until: secondsLater(9) },
    });
    await world.tasks.insert(task);
    expect(await runToEnd(world, task)).toMatchObject({ sent: 4, skipped: 2 });
  });

  it('leaves out messages that were expunged', async () => {
    const world = await aReplayWorld(3);
    await world.messages.expunge(ids.application, nthId('message', 1), secondsLater(60));
    expect(await runToEnd(world, aReplay())).toMatchObject({ status: 'finished', sent: 2, skipped: 1 });
    expect(world.sent.map(({ messageId }) => messageId)).not.toContain(nthId('message', 1));
  });

  it('sends the messages of a destination to their groups', async () => {
    const world = await aReplayWorld(3);
    await world.endpoints.update(anEndpoint({ order: { onExhausted: 'block', by: '$.invoice' } }), anEndpoint());
    await world.messages.insert(aMessage({ messageId: nthId('message', 3), body: '{"invoice": 43}' }));
    await runToEnd(world, aReplay());
    expect(world.sent).toHaveLength(4);
    expect(new Set(world.groups).size).toBe(2);
    expect(new Set(world.groups.slice(0, 3)).size).toBe(1);
  });
});

describe('a task that cannot go on', () => {
  it.each([
    ['deleted', undefined, 'the endpoint was deleted'],
    ['disabled', anEndpoint({ disabled: true }), 'the endpoint is disabled: enable it, and start the task again'],
  ])('fails with the reason if its endpoint is %s', async (_, endpoint, error) => {
    const world = await aReplayWorld(10, () => ({ findEndpoint: async () => endpoint }));
    expect(await runToEnd(world, aReplay())).toMatchObject({ status: 'failed', error, slice: 0 });
    expect([world.sent, world.dead]).toEqual([[], []]);
  });

  it.each([
    ['its slice comes again', { disabled: true }],
    ['its slice comes again when its endpoint is enabled', { disabled: false }],
  ])('is failed once if %s', async (_, later) => {
    let endpoint = anEndpoint({ disabled: true });
    const advanced: Task[] = [];
    const world = await aReplayWorld(10, ({ tasks }) => ({
      clock: tickingClock(),
      findEndpoint: async () => endpoint,
      tasks: {
        ...tasks,
        advance: async (next, from) => {
          advanced.push(next);
          return tasks.advance(next, from);
        },
      },
    }));
    const failed = await runToEnd(world, aReplay());
    endpoint = anEndpoint(later);
    expect(await world.run([aSliceJob(aReplay())], hasTime)).toEqual([]);
    expect(await world.tasks.find(ids.organisation, ids.task)).toEqual(failed);
    expect([advanced, world.sent]).toEqual([[failed], []]);
  });

  it.each([
    ['two workers find so at the same time', anEndpoint({ disabled: true })],
    ['another worker has done the slice meanwhile', undefined],
  ])('is failed once if %s', async (_, endpoint) => {
    const stored: Task[] = [];
    const world = await aReplayWorld(10, ({ tasks }) => ({
      clock: tickingClock(),
      findEndpoint: async () => {
        if (!endpoint) await tasks.advance(aReplay({ slice: 1, updatedAt: now }), aReplay());
        return endpoint;
      },
      tasks: {
        ...tasks,
        advance: async (next, from) => {
          const end = await tasks.advance(next, from);
          if (end === 'stored') stored.push(next);
          return end;
        },
      },
    }));
    const job = aSliceJob(aReplay());
    expect(await world.run([job, { ...job, id: 'copy' }], hasTime)).toEqual([]);
    expect(stored).toHaveLength(endpoint ? 1 : 0);
    expect(world.lines.filter((line) => line.includes('task.failed'))).toHaveLength(stored.length);
  });

  it('stays failed if its redriven slice fails for the same reason, and says a new one', async () => {
    let error = new UnusableData('row has an invalid attribute: url');
    const world = await aReplayWorld(10, () => ({
      clock: tickingClock(),
      findEndpoint: () => Promise.reject(error),
    }));
    const failed = await runToEnd(world, aReplay());
    await world.run([world.deadJob()], hasTime);
    expect(await world.tasks.find(ids.organisation, ids.task)).toEqual(failed);
    error = new UnusableData('row has an invalid attribute: secret');
    await world.run([world.deadJob()], hasTime);
    expect(await world.tasks.find(ids.organisation, ids.task)).toMatchObject({
      status: 'failed',
      error: expect.stringContaining('secret'),
    });
    expect(world.dead).toHaveLength(3);
  });

  it('waits for the end of an outage, however often its slice comes', async () => {
    const findEndpoint = () => Promise.reject(new PassingError('away'));
    const world = await aReplayWorld(10, () => ({ findEndpoint }));
    const job = aSliceJob(aReplay(), 500);
    expect(await world.run([job], hasTime)).toEqual([job.id]);
    expect(await world.tasks.find(ids.organisation, ids.task)).toEqual(aReplay());
  });

  it('is set aside and failed with the reason if its data cannot be read, and goes on if its slice is redriven', async () => {
    let broken = true;
    const world = await aReplayWorld(10, () => ({
      findEndpoint: async () => {
        if (broken) throw new UnusableData('row has an invalid attribute: url');
        return anEndpoint();
      },
    }));
    expect(await runToEnd(world, aReplay())).toMatchObject({
      status: 'failed',
      error: expect.stringContaining('row has an invalid attribute: url'),
    });
    expect(world.dead).toEqual(['row has an invalid attribute: url']);
    broken = false;
    await world.run([world.deadJob()], hasTime);
    const { error, ...task } = (await world.tasks.find(ids.organisation, ids.task)) ?? aReplay();
    expect(task).toMatchObject({ status: 'finished', sent: 10 });
    expect(error).toBeUndefined();
  });

  it('is set aside after an hour if the fault is in Posthorn, and other tasks of its batch go on', async () => {
    const other = aReplay({ taskId: nthId('task', 1), endpointId: nthId('endpoint', 1) });
    const world = await aReplayWorld(10, () => ({
      findEndpoint: async (_, id) => {
        if (id === ids.endpoint) throw new TypeError('x is undefined');
        return anEndpoint({ endpointId: id });
      },
    }));
    await world.tasks.insert(other);
    const job = aSliceJob(aReplay(), 29);
    expect(await world.run([job, aSliceJob(other)], hasTime)).toEqual([job.id]);
    expect(world.dead).toEqual([]);
    expect(await world.run([{ ...job, receives: 30 }], hasTime)).toEqual([]);
    expect(world.dead).toEqual(['fault in Posthorn: TypeError']);
    expect(await world.tasks.find(ids.organisation, ids.task)).toMatchObject({ status: 'failed' });
    expect(await world.tasks.find(ids.organisation, other.taskId)).toMatchObject({ status: 'finished' });
  });

  it('stays on the queue if it cannot be set aside', async () => {
    const world = aTaskWorld(now, () => ({ sendToDeadLetters: () => Promise.reject(new PassingError('away')) }));
    const entry = {
      id: '1',
      receives: 1,
      body: 'x',
      content: { kind: 'refused', reason: 'not a slice of a task' },
    } as const;
    expect(await world.run([entry], hasTime)).toEqual(['1']);
    expect(world.lines).toEqual(['error task.not_set_aside']);
  });

  it('is set aside if its job is not a slice of a task', async () => {
    const world = aTaskWorld(now);
    const entry = {
      id: '1',
      receives: 1,
      body: 'x',
      content: { kind: 'refused', reason: 'not a slice of a task' },
    } as const;
    expect(await world.run([entry], hasTime)).toEqual([]);
    expect(world.dead).toEqual(['not a slice of a task']);
  });
});
