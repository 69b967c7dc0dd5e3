import type { Readable, Writable } from 'node:stream';

/** Why a command has to stop before its end. */
export type StopReason = 'interrupted' | 'terminated' | 'output-closed';

/** Everything that a command has of the process around it. Tests and other programs give their own. */
export interface Io {
  readonly stdin: Readable;
  /** Data only: what a script reads. */
  readonly stdout: Writable;
  /** Everything else. */
  readonly stderr: Writable;
  /** True for a stream that a person sees or types into. */
  readonly isTerminal: { readonly stdin: boolean; readonly stdout: boolean; readonly stderr: boolean };
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The home folder of the user. */
  readonly homeFolder: string;
  /** File names of the command line are relative to it. */
  readonly workingFolder: string;
  /**
   * Aborted with a `StopReason` by Ctrl-C, by SIGTERM, and when the reader of stdout is gone; with a `CliError` if
   * stdout cannot be written.
   */
  readonly stop: AbortSignal;
  /** Does what Ctrl-C does: aborts `stop`. For commands that read keys, because a terminal makes no signal of them then. */
  interrupt(): void;
  /** Does the same, and does not wait until the output was read. */
  interruptNow(): void;
  /** False for a job in the background: it would be stopped if it changed the terminal. True if it cannot be told. */
  isForeground(): Promise<boolean>;
}
