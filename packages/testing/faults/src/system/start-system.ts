import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JournalEntry } from '@posthorn/local-host/faults/journal';
import type { HostFaultPlan } from '@posthorn/local-host/faults/plan';
import { startMortalProcess } from '@posthorn/local-storage/testing/mortal-process';
import { type LaunchedSystem, launchSystem } from '@posthorn/local-supervisor/launch';
import { createTail } from '../history/create-tail.ts';
import type { Event, Killed } from '../history/event.ts';
import { outageFile } from '../receiver/path.ts';

const shiftClock = createRequire(import.meta.url).resolve('@posthorn/testing/process/shift-clock');

/** The step of a kill that the test itself does. */
export const anyTime = 'the host, at any time';

/** A system with a fault plan, and a receiver that the kills of the system do not touch. */
export interface TestedSystem extends LaunchedSystem {
  readonly receiverUrl: string;
  /** What the receiver got so far. */
  received(): readonly Event[];
  /** What the host wrote so far: what seldom happens. */
  journal(): readonly JournalEntry[];
  /** What its workers did so far. */
  workJournal(): readonly JournalEntry[];
  /** From now on calls fail as planned. */
  endCalm(): Promise<void>;
  /** Moves the clock of the system to this many milliseconds from the real time. */
  moveClock(ms: number): void;
  /** How far it is moved now. */
  clock(): number;
  /** Whether endpoints that may be down are. */
  setOutage(isOn: boolean): Promise<void>;
  setQueuesReachable(areReachable: boolean): Promise<void>;
  /** Kills the host, and reports it. */
  killHost(observe: (event: Killed) => void): Promise<void>;
  /** The most memory that the present host has had, in bytes. */
  hostMemory(): Promise<number>;
  stop(): Promise<number | null>;
}

export async function startSystem(plan: HostFaultPlan, environment: NodeJS.ProcessEnv = {}): Promise<TestedSystem> {
  const folder = await mkdtemp(join(tmpdir(), 'posthorn-faults-'));
  const [planFile, clockFile, receivedFile] = ['plan', 'clock', 'received'].map((name) => join(folder, name));
  if (planFile === undefined || clockFile === undefined || receivedFile === undefined) throw new Error('no files');
  await Promise.all([
    writeFile(planFile, JSON.stringify(plan)),
    writeFile(clockFile, '0'),
    writeFile(`${planFile}.calm`, ''),
  ]);
  const receiver = await startMortalProcess(join(import.meta.dirname, '../receiver/serve.ts'), receivedFile);
  const system = await launchSystem({
    POSTHORN_RETRY_SCHEDULE: '1,1,2,2,2',
    POSTHORN_FAULTS: planFile,
    POSTHORN_FAULTS_ALLOWED: 'true',
    NODE_OPTIONS: `--import ${shiftClock}`,
    CLOCK_SHIFT_FILE: clockFile,
    ...environment,
  }).catch(async (error: unknown) => {
    await receiver.kill();
    throw error;
  });
  const unreachable = `${planFile}.queues-unreachable`;
  return {
    ...system,
    receiverUrl: `http://localhost:${receiver.firstLine}`,
    received: createTail<Event>(receivedFile),
    journal: createTail<JournalEntry>(`${planFile}.journal`),
    workJournal: createTail<JournalEntry>(`${planFile}.work-journal`),
    endCalm: () => rm(`${planFile}.calm`),
    moveClock: (ms) => writeFileSync(clockFile, String(ms)),
    clock: () => Number(readFileSync(clockFile, 'utf8')),
    setOutage: (isOn) =>
      isOn ? writeFile(outageFile(receivedFile), '') : rm(outageFile(receivedFile), { force: true }),
    setQueuesReachable: (areReachable) =>
      areReachable ? rm(unreachable, { force: true }) : writeFile(unreachable, ''),
    async killHost(observe) {
      process.kill((await system.cloud()).processes.host ?? 0, 'SIGKILL');
      observe({ kind: 'killed', at: performance.timeOrigin + performance.now(), step: anyTime });
    },
    hostMemory: async () => highWaterOf((await system.cloud()).processes.host ?? 0),
    async stop() {
      const code = await system.stop();
      await receiver.kill();
      await rm(folder, { recursive: true, force: true });
      return code;
    },
  };
}

/** Whether this operating system tells how much memory a process has had. */
export const canReadMemory = existsSync('/proc/self/status');

/** @returns 0 if the process is gone */
function highWaterOf(pid: number): number {
  try {
    const [, kibibytes = '0'] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return Number(kibibytes) * 1024;
  } catch (error) {
    // It was killed a moment ago.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0;
    throw error;
  }
}
