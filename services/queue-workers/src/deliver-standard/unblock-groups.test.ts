import { commandIdOf, type GroupCommand, PassingError } from '@posthorn/core';
import { accepted, rejected } from '@posthorn/delivering/fixtures/attempt-world';
import { aDelivery, aMessage, ids, nthId, secondsLater } from '@posthorn/testing';
import { aStandardWorker } from '../fixtures/a-standard-worker.ts';
import { createUnblockGroups } from './unblock-groups.ts';

const owner = {
  organisationId: ids.organisation,
  applicationId: ids.application,
  endpointId: ids.endpoint,
  group: `${ids.endpoint}_a`,
};
const blocked = { state: 'blocked', epoch: 7, place: '1'.padStart(20, '0'), attempt: 5, reason: 'exhausted' } as const;
const resend = aDelivery({ trigger: 'manual', attemptId: nthId('attempt', 9) });

/** A worker, and a group that the first message blocks; the second one is parked behind it. */
async function withBlockedGroup(answers = [accepted]) {
  const world = await aStandardWorker({ answers, endpoint: { order: { onExhausted: 'block' } } });
  const to = { ...blocked, head: ids.message };
  await world.groups.open({ owner, to, delivery: aDelivery({ attemptNumber: 5 }), now: secondsLater(0) });
  const behind = aDelivery({ messageId: nthId('message', 2) });
  await world.messages.insert(aMessage({ messageId: behind.messageId }));
  await world.groups.park({ group: owner.group, place: '2'.padStart(20, '0'), delivery: behind, now: secondsLater(0) });
  const leaves: GroupCommand = {
    ...owner,
    action: 'leave',
    head: ids.message,
    attempt: 1,
    requestedAt: secondsLater(0),
  };
  return { ...world, behind, leaves };
}

describe('a resend', () => {
  it('that is accepted lets the group go on that its message blocks', async () => {
    const { deliver, commands, leaves } = await withBlockedGroup();
    expect(await deliver(resend)).toBe('done');
    expect(commands).toEqual([leaves]);
  });

  it('that fails asks nothing of the group', async () => {
    const { deliver, commands } = await withBlockedGroup([rejected]);
    await deliver(resend);
    expect(commands).toEqual([]);
  });

  it('that is accepted is told to the group of a message behind the head too: it may become the head', async () => {
    const { deliver, commands, behind, leaves } = await withBlockedGroup();
    await deliver({ ...resend, messageId: behind.messageId });
    expect(commands).toEqual([{ ...leaves, head: behind.messageId }]);
  });

  it('asks the same once more, and sends nothing again, if its worker died after the record of the attempt', async () => {
    const world = await withBlockedGroup();
    const { deliver, groups, commands, leaves, sent } = world;
    const died = async () => Promise.reject(new PassingError('died'));
    await expect(deliver(resend, { unblockGroups: died })).rejects.toThrow('died');
    const unsent = createUnblockGroups({
      listGroupsOf: groups.listGroupsOf,
      sendCommands: async (entries) => entries.map((entry) => ({ ...entry, error: new PassingError('away') })),
    });
    await expect(deliver(resend, { unblockGroups: unsent })).rejects.toThrow('away');
    expect([await deliver(resend), await deliver(resend)]).toEqual(['done', 'done']);
    expect(commands).toEqual([leaves, leaves]);
    expect(new Set(commands.map(commandIdOf)).size).toBe(1);
    expect(sent).toHaveLength(1);
  });
});

it('an attempt that was planned reads no group', async () => {
  const { deliver } = await withBlockedGroup();
  const unblockGroups = async () => Promise.reject(new Error('no group is read'));
  expect(await deliver(aDelivery(), { unblockGroups })).toBe('done');
});
