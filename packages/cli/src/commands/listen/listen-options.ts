import { CliError } from '../../exit/cli-error.ts';
import { requireDuration } from '../../input/read-options.ts';

/** The options of `listen`, as the command line has them. */
export interface ListenArguments {
  readonly forwardTo: string;
  readonly app: string;
  readonly endpoint?: string;
  readonly events?: readonly string[];
  readonly since?: string;
  readonly resume?: boolean;
  readonly retry?: boolean;
  readonly exitAfter?: number;
  /** Milliseconds. */
  readonly timeout?: number;
  readonly allowExternal?: boolean;
  readonly insecure?: boolean;
}

/** @throws CliError `usage` for options that do not go together */
export function checkListenArguments({ since, resume, exitAfter, timeout, events }: ListenArguments): void {
  const refuse = (message: string, remedy: string) => {
    throw new CliError('usage', message, { remedy });
  };
  if (resume && since !== undefined) refuse('--resume and --since say two places to begin at', 'Leave out one of them');
  if (exitAfter === 0) refuse('--exit-after 0: is not at least 1', 'Write how many messages to wait for');
  if (events?.length === 0) refuse('--events names no event type', 'Leave it out for all event types');
  if (timeout !== undefined && exitAfter === undefined)
    refuse('--timeout is for --exit-after only', 'Add --exit-after N, or leave out --timeout');
}

/** Reads `30` as seconds, and `30s` or `5m` as what they say. @returns milliseconds */
export const readTimeout = (text: string): number =>
  requireDuration('--timeout', /^\d+$/.test(text) ? `${text}s` : text);
