import { setTimeout as wait } from 'node:timers/promises';
import { SQSClient } from '@aws-sdk/client-sqs';
import { redrive } from '@posthorn/local-supervisor/dead-letters/redrive';
import { createDeadLetters, type DeadLetters } from '@posthorn/queues/dead-letters/dead-letters';
import { fixClock } from '../history/fix-clock.ts';
import type { TestedSystem } from '../system/start-system.ts';

/** What a run of the command has received is hidden for two minutes if it dies. The clock of the system is moved by more. */
const untilVisibleMs = 130_000;
const untilMovedMs = 200;
const mostRuns = 10;
const betweenRunsMs = 1_000;

/**
 * Redrives all dead letters, as the command does. The run dies between the copy of the first entry and its deletion, and so
 * does the host, by `die`. Later runs go on until nothing is left that can be redriven.
 */
export async function redriveAll(system: TestedSystem, die: () => Promise<void>): Promise<void> {
  let isFirst = true;
  for (let run = 0; run < mostRuns; run += 1) {
    const { sqs, region, stage, ...cloud } = await system.cloud();
    const options = { endpoint: sqs, region, credentials: cloud.system, useQueueUrlAsEndpoint: false };
    const client = fixClock(new SQSClient(options), system.clock());
    try {
      const letters = createDeadLetters({ client, stage });
      const dying: DeadLetters = {
        ...letters,
        async moveTo(entry, queue) {
          if (!isFirst) return letters.moveTo(entry, queue);
          isFirst = false;
          await createDeadLetters({ client: withoutDeletion(client), stage })
            .moveTo(entry, queue)
            .catch((error: unknown) => {
              if (error !== cut) throw error;
            });
          await die();
          throw cut;
        },
      };
      const queues = await redrive(dying, { kind: 'all' }, () => undefined);
      if (!queues.some(({ entries }) => entries.some(({ plan }) => plan.kind === 'moves'))) return;
    } catch {
      // The run died, or the host has not started again. Its entries are hidden, as after a crash of the command.
      system.moveClock(system.clock() + untilVisibleMs);
      await wait(untilMovedMs);
    } finally {
      client.destroy();
    }
    await wait(betweenRunsMs);
  }
  throw new Error('there are dead letters to redrive after each run');
}

const cut = new Error('the command dies here');

/** The same client, but for deletions: the process dies before it makes one. */
function withoutDeletion(client: SQSClient): Pick<SQSClient, 'send'> {
  const send = async (command: { readonly constructor: { readonly name: string } }) => {
    if (command.constructor.name === 'DeleteMessageCommand') throw cut;
    // The overloads of `send` need the command's own type.
    return client.send(command as Parameters<SQSClient['send']>[0]);
  };
  // `send` has an overload for each command.
  return { send: send as SQSClient['send'] };
}
