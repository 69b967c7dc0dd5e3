import { type Connection, pathOf } from '../../connection/connection.ts';
import { isPassing } from '../../connection/passing.ts';
import type { Context } from '../../context.ts';
import { CliError } from '../../exit/cli-error.ts';
import { count } from '../../terminal/count.ts';
import { explainStop } from '../../terminal/explain-stop.ts';
import { pause } from '../../time/pause.ts';

interface Task {
  readonly id: string;
  readonly task: string;
  readonly status: 'running' | 'finished' | 'failed';
  readonly data: {
    readonly messagesSent?: number;
    readonly messagesSkipped?: number;
    readonly reached?: string | null;
    readonly error?: string;
  };
}

const [firstWaitMs, longestWaitMs] = [250, 3_000];
/** A server that restarts is back within this time. */
const patienceMs = 60_000;

/** Shows how far a task is until it ends, and prints it. @throws CliError `failed` if the task has failed */
export async function followTask(context: Context, connection: Connection, id: string): Promise<void> {
  const stopExplaining = explainStop(context, () => ({
    message: `The task ${id} goes on at the server`,
    remedy: `Follow it: posthorn replay --task ${id}`,
  }));
  try {
    const task = await untilEnded(context, connection, id);
    await context.print(task, `${task.status}: ${progressOf(task)}`);
    if (task.status === 'failed')
      throw new CliError('failed', `The task ${id} has failed: ${task.data.error ?? 'the server has not said why'}`, {
        code: 'task_failed',
        remedy: 'Begin another one with the same options: it does the rest',
      });
  } finally {
    stopExplaining();
  }
}

async function untilEnded({ io, note }: Context, connection: Connection, id: string): Promise<Task> {
  let told = '';
  let seenAt = performance.now();
  for (let waitMs = firstWaitMs; ; waitMs = Math.min(waitMs * 1.5, longestWaitMs)) {
    const task = await readTask(connection, id).catch((error: unknown): undefined => {
      if (!isPassing(error) || performance.now() - seenAt > patienceMs) throw error;
    });
    if (task) {
      seenAt = performance.now();
      if (task.status !== 'running') return task;
      const progress = progressOf(task);
      if (progress !== told) note(progress);
      told = progress;
    }
    await pause(waitMs, io);
  }
}

const readTask = async (connection: Connection, id: string): Promise<Task> =>
  (await connection.call({ method: 'GET', path: pathOf`/background-task/${id}` })).json<Task>();

function progressOf({ data }: Task): string {
  const { messagesSent = 0, messagesSkipped = 0, reached } = data;
  const at = reached ? `, up to those of ${reached}` : '';
  return `${count(messagesSent, 'message')} sent, ${messagesSkipped} skipped${at}`;
}
