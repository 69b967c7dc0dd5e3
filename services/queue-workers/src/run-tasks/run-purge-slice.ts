import {
  addPurges,
  afterPurge,
  type Counter,
  type ListedMessage,
  type Log,
  type MessageContentRepository,
  type PurgeResult,
  type PurgeTask,
  readsOn,
  type TaskRepository,
} from '@posthorn/core';
import { type ListMessagePageDeps, listMessagePage } from './message-page.ts';

export interface RunPurgeSliceDeps extends ListMessagePageDeps {
  readonly tasks: Pick<TaskRepository, 'advance'>;
  readonly expunge: MessageContentRepository['expunge'];
  readonly log: Log;
  readonly counters: Counter;
}

/** A message can have a row of 400 KB and some chunks. More at a time would take too much of the table's capacity. */
const expungedTogether = 10;

const beforeAllMessages = new Date(0);

/**
 * Runs a slice of a task that expunges all messages of an application. One that is expunged already is expunged again,
 * which changes nothing, unless a crash has left some of its body. So after this slice, nothing of its bodies is stored.
 */
export const createRunPurgeSlice =
  (deps: RunPurgeSliceDeps) =>
  async (task: PurgeTask, hasTime: () => boolean): Promise<void> => {
    const result = await purgePages(deps, task, hasTime);
    const next = afterPurge(task, result, deps.clock());
    if ((await deps.tasks.advance(next, task)) === 'stale') return;
    const { applicationId, taskId, work, slice, status } = next;
    const { purged } = result;
    deps.log.info('task.slice_done', { taskId, applicationId, kind: work.kind, slice, purged, status });
    deps.counters.add('TaskMessagesPurged', purged);
  };

async function purgePages(deps: RunPurgeSliceDeps, task: PurgeTask, hasTime: () => boolean): Promise<PurgeResult> {
  let result: PurgeResult = { purged: 0, skipped: 0, done: false };
  for (let pages = 1; ; pages += 1) {
    result = addPurges(result, await purgePage(deps, task, result.cursor ?? task.cursor));
    const { purged, skipped, done } = result;
    if (!readsOn({ messages: purged + skipped, done }, pages) || !hasTime()) return result;
  }
}

async function purgePage(deps: RunPurgeSliceDeps, task: PurgeTask, cursor: string | undefined): Promise<PurgeResult> {
  const { applicationId, work } = task;
  const window = { since: beforeAllMessages, until: work.until };
  const { messages, ...end } = await listMessagePage(deps, { applicationId, work: window }, cursor);
  let purged = 0;
  for (let start = 0; start < messages.length; start += expungedTogether) {
    const together = messages.slice(start, start + expungedTogether);
    const ends = await Promise.all(together.map((message) => purge(deps, task, message)));
    purged += ends.filter((one) => one === 'purged').length;
  }
  return { ...end, purged, skipped: messages.length - purged };
}

/**
 * `purged`: the message has lost its body since the task was created. It may have lost it in a slice that a crash has cut
 * off, so that it was not counted yet.
 */
async function purge(
  { expunge, clock }: RunPurgeSliceDeps,
  { applicationId, createdAt }: PurgeTask,
  { messageId, expungedAt }: ListedMessage,
): Promise<'purged' | 'skipped'> {
  const end = await expunge(applicationId, messageId, clock());
  const wasExpungedBefore = expungedAt !== undefined && expungedAt < createdAt;
  return end === 'expunged' && !wasExpungedBefore ? 'purged' : 'skipped';
}
