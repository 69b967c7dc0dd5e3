import { type ChildProcess, spawn } from 'node:child_process';
import { pauseBeforeRestart } from './pause-before-restart.ts';

/** A process that is started again when it dies. */
export interface SupervisedProcess {
  readonly name: string;
  /** Id of the running process, or nothing between a death and the restart. */
  pid(): number | undefined;
  /** Resolves when the current process is ready. Rejects when it is given up. */
  ready(): Promise<void>;
  /** Asks the process to end, and kills it if it takes too long. It is not started again. */
  stop(): Promise<void>;
}

export interface ProcessDefinition {
  readonly name: string;
  /**
   * Arguments of Node. The program sends `ready` over its IPC channel, and ends when the channel closes. If a restart
   * cannot help, it sends `{ problem }` before it ends; with `mayPass`, a restart helps once the cause is removed.
   */
  readonly args: readonly string[];
  readonly cwd: string;
  /**
   * Its environment. `POSTHORN_RESTARTS` is added: how often it was started again. Once it was ready, `POSTHORN_WAS_READY`
   * is `true` for each further start, so that it can tell lost data from a first start.
   */
  readonly env: NodeJS.ProcessEnv;
  /** Is called with each line of its output. */
  readonly onLine: (line: string) => void;
  /** Is called for every start and every death, and when the process is given up. */
  readonly onChange: (change: ProcessChange) => void;
  /** Is called with every message of the program, but for those above. */
  readonly onMessage?: (message: unknown) => void;
  /** It is given up when it has died this often in a row before it was ready. Default: 3. */
  readonly fruitlessStarts?: number;
  /** How long it may take to end. Default: 3,000. */
  readonly killAfterMs?: number;
}

export type ProcessChange =
  | { readonly kind: 'started'; readonly name: string; readonly pid: number }
  | { readonly kind: 'died'; readonly name: string; readonly how: string; readonly restartInMs: number }
  | { readonly kind: 'gave-up'; readonly name: string; readonly problem?: string };

const defaultKillAfterMs = 3_000;
const defaultFruitlessStarts = 3;
/** A process that lives this long has recovered: the next pause is short again. */
const recoveredMs = 60_000;
const channelEndMs = 500;

interface Problem {
  readonly problem: string;
  readonly mayPass?: boolean;
}

interface Running {
  readonly child: ChildProcess;
  readonly exited: Promise<string>;
  readonly ready: Promise<void>;
  /** The problem that the process reported, if any. */
  readonly problem: () => Problem | undefined;
}

/**
 * Starts a process and keeps it running. If it dies, it is started again: at once the first time, then after the pauses of
 * `pauseBeforeRestart`.
 */
export function superviseProcess(definition: ProcessDefinition): SupervisedProcess {
  const { fruitlessStarts = defaultFruitlessStarts, killAfterMs = defaultKillAfterMs } = definition;
  let restarts = 0;
  let wasEverReady = false;
  let running = startProcess(definition, { restarts, wasEverReady });
  let stopping = false;
  let firstReady = createReadiness();
  const run = async (): Promise<void> => {
    let fruitless = 0;
    let deaths = 0;
    while (!stopping) {
      const startedAt = performance.now();
      const wasReady = await Promise.race([running.ready.then(() => true), running.exited.then(() => false)]);
      if (wasReady) {
        fruitless = 0;
        wasEverReady = true;
        firstReady.resolve();
      } else fruitless += 1;
      const how = await running.exited;
      if (stopping) return;
      firstReady = wasReady ? createReadiness() : firstReady;
      const { problem, mayPass = false } = running.problem() ?? {};
      // A first start is ended, so that the operator sees the problem. What has run goes on when the cause is removed.
      const isHopeless = problem !== undefined || fruitless >= fruitlessStarts;
      if (isHopeless && !(mayPass && wasEverReady)) {
        definition.onChange({ kind: 'gave-up', name: definition.name, ...(problem !== undefined && { problem }) });
        return firstReady.reject(new Error(problem ?? `${definition.name} did not start: see its output above`));
      }
      if (performance.now() - startedAt > recoveredMs) deaths = 0;
      const restartInMs = pauseBeforeRestart({ earlierDeaths: deaths, fruitless });
      deaths += 1;
      definition.onChange({ kind: 'died', name: definition.name, how: problem ?? how, restartInMs });
      await new Promise((resolve) => setTimeout(resolve, restartInMs));
      if (stopping) return;
      restarts += 1;
      running = startProcess(definition, { restarts, wasEverReady });
    }
  };
  const done = run();
  return {
    name: definition.name,
    pid: () => (running.child.exitCode === null && running.child.signalCode === null ? running.child.pid : undefined),
    ready: () => firstReady.promise,
    async stop() {
      stopping = true;
      await stopProcess(running, killAfterMs);
      await done;
    },
  };
}

/** The promise may reject while nobody waits for it, which would otherwise end this process. */
function createReadiness(): PromiseWithResolvers<void> {
  const readiness = Promise.withResolvers<void>();
  readiness.promise.catch(() => undefined);
  return readiness;
}

function startProcess(
  { name, args, cwd, env, onLine, onChange, onMessage }: ProcessDefinition,
  { restarts, wasEverReady }: { readonly restarts: number; readonly wasEverReady: boolean },
): Running {
  const child = spawn(process.execPath, args, {
    cwd,
    env: { ...env, POSTHORN_RESTARTS: String(restarts), ...(wasEverReady && { POSTHORN_WAS_READY: 'true' }) },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    detached: true,
  });
  for (const stream of [child.stdout, child.stderr]) forEachLine(stream, onLine);
  const exited = new Promise<string>((resolve) => {
    child.once('exit', (code, signal) => {
      const end = () => resolve(signal ?? `exit code ${code}`);
      // Its last messages and lines have been read when the channel and its output are closed.
      const disconnected = new Promise<void>((resolve) => {
        if (child.connected) child.once('disconnect', resolve);
        else resolve();
      });
      const closed = new Promise((resolve) => child.once('close', resolve));
      void Promise.all([disconnected, closed]).then(end);
      setTimeout(end, channelEndMs).unref();
    });
    // Also if it cannot be killed, or does not get a message.
    child.on('error', (error) => resolve(error.message));
  });
  const ready = new Promise<void>((resolve) => child.on('message', (message) => message === 'ready' && resolve()));
  let problem: Problem | undefined;
  child.on('message', (message) => {
    if (isProblem(message)) problem = message;
    else if (message !== 'ready') onMessage?.(message);
  });
  // Later than this call, so that `pid()` returns the new process.
  child.once('spawn', () => onChange({ kind: 'started', name, pid: child.pid ?? 0 }));
  return { child, exited, ready, problem: () => problem };
}

const isProblem = (message: unknown): message is Problem =>
  typeof message === 'object' && message !== null && 'problem' in message && typeof message.problem === 'string';

function forEachLine(stream: NodeJS.ReadableStream | null, onLine: (line: string) => void): void {
  let rest = '';
  stream?.setEncoding('utf8').on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) onLine(line);
  });
}

async function stopProcess({ child, exited }: Running, killAfterMs: number): Promise<void> {
  signalGroup(child, 'SIGTERM');
  const timer = setTimeout(() => signalGroup(child, 'SIGKILL'), killAfterMs);
  await exited;
  clearTimeout(timer);
}

/** Sends a signal to the process and all its children. */
function signalGroup({ pid, exitCode, signalCode }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined || exitCode !== null || signalCode !== null) return;
  try {
    process.kill(-pid, signal);
  } catch (error) {
    // ESRCH: the process ended between the check and the signal.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
