import { readFile } from 'node:fs/promises';

/** CPU time in microseconds: of the whole process, and of the thread that runs JavaScript. */
export interface Cpu {
  readonly all: number;
  readonly main: number;
}

export function cpuNow(): Cpu {
  const [all, main] = [process.cpuUsage(), process.threadCpuUsage()];
  return { all: all.user + all.system, main: main.user + main.system };
}

/** The CPU time since `start`, per call. */
export function cpuSince(start: Cpu, calls: number): Cpu {
  const now = cpuNow();
  return { all: (now.all - start.all) / calls, main: (now.main - start.main) / calls };
}

/** Linux counts the CPU time of other processes in steps of 10 ms. */
const stepMs = 10;

/** The CPU time, in milliseconds, that some processes have used so far. Nothing on systems that do not tell. */
export async function cpuMsOf(pids: readonly number[]): Promise<number | undefined> {
  if (process.platform !== 'linux') return undefined;
  const texts = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/stat`, 'utf8')));
  return texts.reduce((sum, text) => {
    // After the name, which may have spaces: the 12th and the 13th value are user and system time.
    const values = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return sum + (Number(values[11]) + Number(values[12])) * stepMs;
  }, 0);
}
