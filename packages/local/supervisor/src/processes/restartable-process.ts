import { type ProcessDefinition, superviseProcess } from './supervised-process.ts';

/** A supervised process that can be started again with new code. */
export interface RestartableProcess {
  readonly name: string;
  pid(): number | undefined;
  /** Resolves when the process has been ready for the first time, however often it had to be started. */
  readonly everReady: Promise<void>;
  /** Resolves when the process is ready, after restarts too. Rejects while it is given up. */
  ready(): Promise<void>;
  /** Ends the process and starts it again, also if it was given up. */
  restart(): void;
  stop(): Promise<void>;
}

/** @param beforeRestart - is awaited before the process is asked to end for a restart */
export function createRestartable(
  definition: ProcessDefinition,
  beforeRestart: () => Promise<void> = async () => undefined,
): RestartableProcess {
  const readiness = createReadiness();
  const firstTime = Promise.withResolvers<void>();
  const start = () => superviseProcess({ ...definition, onChange });
  let current = start();
  let turn = Promise.resolve();
  let isQueued = false;
  let isStopped = false;
  const watch = () => {
    const watched = current;
    watched.ready().then(
      () => {
        if (watched !== current) return;
        firstTime.resolve();
        readiness.resolve();
      },
      (error: unknown) => watched === current && readiness.reject(error),
    );
  };
  function onChange(change: Parameters<ProcessDefinition['onChange']>[0]): void {
    definition.onChange(change);
    if (change.kind !== 'died') return;
    readiness.renew();
    watch();
  }
  watch();
  return {
    name: definition.name,
    pid: () => current.pid(),
    everReady: firstTime.promise,
    ready: () => readiness.current(),
    restart() {
      readiness.renew();
      if (isQueued) return;
      isQueued = true;
      turn = turn.then(async () => {
        await beforeRestart();
        await current.stop();
        isQueued = false;
        if (isStopped) return;
        readiness.renew();
        current = start();
        watch();
      });
    },
    async stop() {
      isStopped = true;
      await Promise.all([current.stop(), turn]);
    },
  };
}

/** A promise that is replaced only after it has settled, so that everyone who waits gets the outcome. */
function createReadiness() {
  let pending = Promise.withResolvers<void>();
  let isSettled = false;
  return {
    current: () => pending.promise,
    resolve(): void {
      isSettled = true;
      pending.resolve();
    },
    reject(error: unknown): void {
      isSettled = true;
      // Often nobody waits.
      pending.promise.catch(() => undefined);
      pending.reject(error);
    },
    renew(): void {
      if (!isSettled) return;
      isSettled = false;
      pending = Promise.withResolvers<void>();
    },
  };
}
