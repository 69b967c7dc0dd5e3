/** The first message of a thread. */
export interface ThreadReady {
  /** The CPU that it has used since it was started, in milliseconds. */
  readonly cpuMs: number;
}

/** What a thread answers. */
export interface ThreadAnswer<Result> extends ThreadReady {
  readonly result: Result;
}

/** The CPU that the thread which calls this has used, in milliseconds. */
export function threadCpuMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}
