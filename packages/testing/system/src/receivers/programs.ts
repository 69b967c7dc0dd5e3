import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type RunningProgram, runProgram } from '@posthorn/local-supervisor/testing/run-program';
import type { Kill, ReceiverStep } from './killed-receiver.ts';
import type { Write } from './write-proxy.ts';

const examples = join(import.meta.dirname, '../../../../../examples');
const here = (name: string): string => join(import.meta.dirname, name);

/** What a receiver is started with. */
export interface Place {
  readonly port: number;
  /** The secret of its endpoint. */
  readonly key: string;
  /** The variables with which a client finds its DynamoDB. */
  readonly aws: NodeJS.ProcessEnv;
  /** A folder of its own. */
  readonly folder: string;
  /** The next kill, for a program that kills itself. */
  readonly next: Kill | undefined;
}

/** The programs of the trial. */
export const programs = {
  fastify: (place: Place): RunningProgram =>
    runProgram(join(examples, 'receiver-fastify/src/main.ts'), [], {
      ...variablesFor(place),
      DATABASE: join(place.folder, 'receiver.db'),
      NODE_OPTIONS: `--import=${pathToFileURL(here('kill-in-sqlite.mjs'))}`,
    }),
  plain: (place: Place): RunningProgram => runProgram(here('serve-plain-receiver.ts'), [], variablesFor(place)),
} as const;

export type ProgramName = keyof typeof programs;

const variablesFor = ({ port, key, aws, folder, next }: Place): NodeJS.ProcessEnv => ({
  ...aws,
  PORT: String(port),
  WEBHOOK_KEYS: key,
  FOLDER: folder,
  KILL_AFTER: next ? `${next.after}:${next.count}` : '',
});

/** The step of a receiver that a write into DynamoDB has done. */
export function stepOf({ operation, body }: Write): ReceiverStep {
  if (!body.includes('-webhooks"')) return 'effect';
  return operation === 'PutItem' ? 'claim' : 'completion';
}
