import { execFile, spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';

const lookEveryMs = 100;
const patienceMs = 600_000;
/** Where `start` keeps its compiled code too. A program that is run again needs half of the processor time. */
const compiled = join(import.meta.dirname, '../../../../../node_modules/.cache/posthorn-compiled');

/** A program that runs as a child of the test. */
export interface RunningProgram {
  readonly pid: number;
  stdout(): string;
  stderr(): string;
  /** Resolves with the exit code, or the signal that ended the program. */
  readonly ended: Promise<number | NodeJS.Signals | null>;
  /** Resolves with a match in stdout and stderr together. Rejects if the program ends without one or takes too long. */
  waitFor(pattern: RegExp): Promise<RegExpExecArray>;
}

/** Starts a Node program with the environment of the test and more variables. */
export const runProgram = (script: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): RunningProgram =>
  runCommand(process.execPath, [script, ...args], { NODE_COMPILE_CACHE: compiled, ...env });

/** Starts any program with the environment of the test and more variables. */
export function runCommand(
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
  cwd = process.cwd(),
): RunningProgram {
  const child = spawn(command, args, {
    cwd,
    env: { ...process.env, NODE_OPTIONS: '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const texts = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    child[name].setEncoding('utf8').on('data', (text: string) => {
      texts[name] += text;
    });
  let isOver = false;
  const ended = new Promise<number | NodeJS.Signals | null>((resolve, reject) => {
    child.once('error', reject).once('close', (code, signal) => {
      isOver = true;
      resolve(code ?? signal);
    });
  });
  const { pid } = child;
  if (pid === undefined) throw new Error(`${command} could not be started`);
  return {
    pid,
    stdout: () => texts.stdout,
    stderr: () => texts.stderr,
    ended,
    async waitFor(pattern) {
      const deadline = performance.now() + patienceMs;
      for (;;) {
        const match = pattern.exec(texts.stdout + texts.stderr);
        if (match) return match;
        if (isOver || performance.now() > deadline)
          throw new Error(`there is no ${pattern} in: ${texts.stdout}${texts.stderr}`);
        await wait(lookEveryMs);
      }
    },
  };
}

/** Returns the processes with a text in their command or environment, such as the path of their folder. */
export async function findProcessesWith(text: string): Promise<readonly number[]> {
  const { stdout } = await promisify(execFile)('ps', ['axeww'], { maxBuffer: 64 * 1024 * 1024 });
  return stdout
    .split('\n')
    .filter((line) => line.includes(text))
    .map((line) => Number.parseInt(line, 10));
}
