import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Io } from '../../../terminal/io.ts';
import type { Overlap, Position } from './position.ts';

/** What a session is: one with the same parts goes on where the other one was. */
export interface SessionName {
  readonly server: string;
  readonly app: string;
  readonly target: string;
  readonly endpoint?: string | undefined;
}

/** Keeps the position of one session in a file that only its user can read: it has the session's secret. */
export interface PositionFile {
  readonly path: string;
  /** Undefined if there is none, or none that can be read. */
  read(): Position | undefined;
  /** Replaces the whole file, so that it is never half written. */
  write(position: Position): void;
}

const fileVersion = 1;

/** `$XDG_STATE_HOME/posthorn/listen`, or `~/.local/state/posthorn/listen`. */
export const positionFolder = ({ env, homeFolder }: Pick<Io, 'env' | 'homeFolder'>): string =>
  join(env.XDG_STATE_HOME || join(homeFolder, '.local', 'state'), 'posthorn', 'listen');

export function openPositionFile(folder: string, { server, app, target, endpoint }: SessionName): PositionFile {
  const name = createHash('sha256')
    .update(JSON.stringify([server, app, target, endpoint ?? null]))
    .digest('hex')
    .slice(0, 16);
  const path = join(folder, `${name}.json`);
  const ownCopy = `${path}.${process.pid}`;
  return {
    path,
    read: () => {
      const text = readText(path);
      return text === undefined ? undefined : parsePosition(text);
    },
    write: (position) => {
      const text = JSON.stringify({ version: fileVersion, server, app, target, endpoint, ...position });
      try {
        writeFileSync(ownCopy, text, { mode: 0o600 });
      } catch (error) {
        if (!isMissing(error)) throw error;
        mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
        writeFileSync(ownCopy, text, { mode: 0o600 });
      }
      renameSync(ownCopy, path);
    },
  };
}

const isMissing = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ENOENT';

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** A file that is not ours, or of another version, counts as none. */
function parsePosition(text: string): Position | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof parsed !== 'object' || parsed === null) return undefined;
  const { version, sink, since, iterator, backlog, overlap, handedOver, lastId, secret } = parsed as Readonly<
    Record<string, unknown>
  >;
  const begin = typeof since === 'string' ? new Date(since) : undefined;
  if (version !== fileVersion || typeof sink !== 'string' || Number.isNaN(begin?.getTime())) return undefined;
  if (!areIds(handedOver)) return undefined;
  return {
    sink,
    handedOver,
    ...(begin && { since: begin }),
    ...(typeof iterator === 'string' && { iterator }),
    ...parseBacklog(backlog),
    ...parseOverlap(overlap),
    ...(typeof lastId === 'string' && { lastId }),
    ...(typeof secret === 'string' && { secret }),
  };
}

const areIds = (given: unknown): given is readonly string[] =>
  Array.isArray(given) && given.every((id) => typeof id === 'string');

function parseBacklog(given: unknown): Pick<Position, 'backlog'> {
  const { until, iterator } = Object(given);
  const time = parseTime(until);
  return time ? { backlog: { until: time, ...(typeof iterator === 'string' && { iterator }) } } : {};
}

function parseOverlap(given: unknown): { readonly overlap?: Overlap } {
  const { until, ids } = Object(given);
  const time = parseTime(until);
  return time && areIds(ids) ? { overlap: { until: time, ids } } : {};
}

function parseTime(given: unknown): Date | undefined {
  const time = new Date(typeof given === 'string' ? given : Number.NaN);
  return Number.isNaN(time.getTime()) ? undefined : time;
}
