/** How a command ends. Scripts rely on these numbers: docs/cli.md lists them. */
export const exitCodes = {
  done: 0,
  /** The server refused, or what was asked for failed. */
  failed: 1,
  /** The command line itself is wrong. */
  usage: 2,
  /** No server answered that can do the work: no connection, time limit, or 502, 503, 504. */
  unreachable: 3,
  /** 401 or 403, or no token. */
  notAllowed: 4,
  /** Ctrl-C, as shells report it. */
  interrupted: 130,
} as const;

export type FailureKind = 'failed' | 'usage' | 'unreachable' | 'notAllowed' | 'interrupted';

export interface FailureDetails {
  /** A stable word for programs, such as `not_found`. Default: the kind in snake case. */
  readonly code?: string | undefined;
  /** What the reader can do about it: one sentence without a period at its end. */
  readonly remedy?: string | undefined;
  /** The id of the request that the server refused. */
  readonly requestId?: string | undefined;
  readonly cause?: unknown;
}

const defaultCodes: Readonly<Record<FailureKind, string>> = {
  failed: 'failed',
  usage: 'usage',
  unreachable: 'unreachable',
  notAllowed: 'not_allowed',
  interrupted: 'interrupted',
};

/**
 * An expected end of a command: it is printed without a stack. The message names the cause, with the value or field
 * that is wrong.
 *
 * @example
 * throw new CliError('usage', '--since 10x: is not a valid duration', { remedy: 'Write 30s, 10m, 2h or 7d' });
 */
export class CliError extends Error {
  override readonly name = 'CliError';
  readonly kind: FailureKind;
  readonly code: string;
  readonly remedy: string | undefined;
  readonly requestId: string | undefined;

  constructor(kind: FailureKind, message: string, { code, remedy, requestId, cause }: FailureDetails = {}) {
    super(message, { cause });
    this.kind = kind;
    this.code = code ?? defaultCodes[kind];
    this.remedy = remedy;
    this.requestId = requestId;
  }

  get exitCode(): number {
    return exitCodes[this.kind];
  }
}
