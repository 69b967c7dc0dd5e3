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

/** Table => partition key. The Lambda function's own template would create them. */
export const lambdaTables = { webhooks: 'lambda-webhooks', payments: 'lambda-payments' } as const;

/** The programs of the trial. */
export const programs = {
  express: (place: Place): RunningProgram =>
    runProgram(join(examples, 'receiver-express/src/main.ts'), [], variablesFor(place)),
  fastify: (place: Place): RunningProgram =>
    runProgram(join(examples, 'receiver-fastify/src/main.ts'), [], {
      ...variablesFor(place),
      DATABASE: join(place.folder, 'receiver.db'),
      NODE_OPTIONS: `--import=${pathToFileURL(here('kill-in-sqlite.mjs'))}`,
    }),
  lambda: (place: Place): RunningProgram =>
    runProgram(here('serve-function-url.ts'), [join(examples, 'receiver-lambda/src/handler.ts'), String(place.port)], {
      ...variablesFor(place),
      WEBHOOKS_TABLE: lambdaTables.webhooks,
      PAYMENTS_TABLE: lambdaTables.payments,
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

/** The step of a receiver that a write into DynamoDB has done. Express writes effect and completion together. */
export function stepOf({ body }: Write): ReceiverStep {
  if (/-balances"|-payments"/.test(body)) return 'effect';
  return body.includes(':leaseEndsAt') ? 'claim' : 'completion';
}
