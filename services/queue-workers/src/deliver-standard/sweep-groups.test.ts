import type { GroupCommand, GroupsSweep } from '@posthorn/core';
import { commandIdOf, PassingError } from '@posthorn/core';
import { aDelivery, ids, inMemoryParkedGroups, startOfTests } from '@posthorn/testing';
import { createSweepGroups, type SweepGroupsDeps } from './sweep-groups.ts';

const { organisation: organisationId, application: applicationId, endpoint: endpointId } = ids;
const sweep: GroupsSweep = { organisationId, applicationId, endpointId, requestedAt: startOfTests };

async function aSweeper(count: number, overrides: Partial<SweepGroupsDeps> = {}) {
  const groups = inMemoryParkedGroups(async () => undefined);
  for (let n = 0; n < count; n += 1) {
    const owner = { organisationId, applicationId, endpointId, group: `${endpointId}_${String(n).padStart(4, '0')}` };
    const place = '1'.padStart(20, '0');
    const to = {
      state: 'blocked',
      epoch: n,
      head: ids.message,
      place,
      attempt: 2,
      reason: 'endpoint-disabled',
    } as const;
    await groups.open({ owner, to, delivery: aDelivery(), now: startOfTests });
  }
  const commands: GroupCommand[] = [];
  const sweeps: GroupsSweep[] = [];
  const delays: number[] = [];
  const sweepGroups = createSweepGroups({
    listGroups: groups.listOfEndpoint,
    hasApplication: async () => true,
    sendCommands: async (entries) => {
      commands.push(...entries.map(({ command }) => command));
      return [];
    },
    sendSweep: async (next, delaySeconds = 0) => {
      sweeps.push(next);
      delays.push(delaySeconds);
    },
    ...overrides,
  });
  return { groups, commands, sweeps, delays, sweepGroups };
}

describe('a sweep of the groups of an endpoint', () => {
  it('asks each group for an attempt of its head, a page a job', async () => {
    const { commands, sweeps, sweepGroups } = await aSweeper(230);
    let jobs = 0;
    for (let next: GroupsSweep | undefined = sweep; next; next = sweeps.shift(), jobs += 1) await sweepGroups(next);
    expect(jobs).toBe(3);
    expect(new Set(commands.map(({ group }) => group)).size).toBe(230);
    expect(commands).toHaveLength(230);
    expect(commands[0]).toEqual({
      ...sweep,
      group: `${endpointId}_0000`,
      action: 'attempt',
      head: ids.message,
      attempt: 2,
    });
  });

  it('leaves out a head that waits for its scheduled time, unless its endpoint was deleted', async () => {
    const { groups, commands, sweepGroups } = await aSweeper(2);
    const [before] = (await groups.listOfEndpoint(endpointId, { limit: 1 })).groups;
    if (!before) throw new Error('no group');
    const to = { ...before, state: 'waiting', reason: 'scheduled', notBefore: startOfTests, epoch: 9 } as const;
    await groups.move({ owner: before, from: before.epoch, to, now: startOfTests });
    await sweepGroups(sweep);
    expect(commands.map(({ group }) => group)).toEqual([`${endpointId}_0001`]);
    commands.length = 0;
    await sweepGroups({ ...sweep, looksAgain: true });
    expect(commands).toHaveLength(2);
  });

  it('comes once more after a deletion, so that a group is asked too that an attempt under way blocked behind it', async () => {
    const { groups, commands, sweeps, delays, sweepGroups } = await aSweeper(101);
    await sweepGroups({ ...sweep, looksAgain: true });
    const group = `${endpointId}_0000`;
    const [before] = (await groups.listOfEndpoint(endpointId, { limit: 1 })).groups;
    if (!before) throw new Error('no group');
    const to = { ...before, epoch: 1_000, attempt: 3, reason: 'exhausted' } as const;
    await groups.move({ owner: before, from: before.epoch, to, now: startOfTests });
    for (let next = sweeps.shift(); next; next = sweeps.shift()) await sweepGroups(next);
    expect(delays).toEqual([0, 120, 0]);
    const own = commands.filter((command) => command.group === group);
    expect(own.map(({ attempt }) => attempt)).toEqual([2, 3]);
    expect(commands).toHaveLength(202);
    expect(new Set(commands.map(commandIdOf)).size).toBe(202);
    expect(commands.filter((command) => 'looksAgain' in command)).toEqual([]);
  });

  it('lets blocked groups go on after a change of the policy, and comes once more', async () => {
    const { groups, commands, sweeps, delays, sweepGroups } = await aSweeper(5);
    const all = (await groups.listOfEndpoint(endpointId, { limit: 10 })).groups;
    const changes = [
      { state: 'blocked', reason: 'exhausted' },
      { state: 'blocked', reason: 'message-expired' },
      { state: 'blocked', reason: 'fault' },
      { state: 'waiting', reason: 'retry' },
    ] as const;
    for (const [n, change] of changes.entries()) {
      const before = all[n];
      if (!before) throw new Error('no group');
      const to = { ...before, ...change, epoch: 1_000 + n };
      await groups.move({ owner: before, from: before.epoch, to, now: startOfTests });
    }
    await sweepGroups({ ...sweep, endsBlocks: true, looksAgain: true });
    const asked = ['give-up', 'give-up', 'attempt'].map((action, n) => [all[n]?.group, action]);
    expect(commands.map(({ group, action }) => [group, action])).toEqual(asked);
    expect(sweeps).toEqual([{ ...sweep, endsBlocks: true, requestedAt: new Date(startOfTests.getTime() + 120_000) }]);
    expect(delays).toEqual([120]);
  });

  it('asks nothing if the whole application was deleted: a task removes its groups', async () => {
    const { commands, sweeps, sweepGroups } = await aSweeper(101, { hasApplication: async () => false });
    await sweepGroups({ ...sweep, looksAgain: true });
    expect([commands, sweeps]).toEqual([[], []]);
    await sweepGroups(sweep);
    expect(commands).toHaveLength(100);
  });

  it('fails as a whole, and goes on with no other page, if a command was not sent', async () => {
    const error = new PassingError('away');
    const { sweeps, sweepGroups } = await aSweeper(101, {
      sendCommands: async (entries) => entries.slice(0, 1).map((entry) => ({ ...entry, error })),
    });
    await expect(sweepGroups(sweep)).rejects.toThrow('away');
    expect(sweeps).toEqual([]);
  });
});
