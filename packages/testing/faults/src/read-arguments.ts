import { parseArgs } from 'node:util';

/** What a run was asked for. */
export interface Wanted {
  /** How many messages each of the scenarios posts. */
  readonly messages: number;
  readonly seed: number;
  /** Names of scenarios, in the order in which they run. */
  readonly only: readonly string[];
  /** Whether the history is written to a file although every promise was kept. */
  readonly keep: boolean;
}

export type Read =
  | { readonly kind: 'run'; readonly wanted: Wanted }
  | { readonly kind: 'help' }
  | { readonly kind: 'refused'; readonly reason: string };

const messagesEach = 300;
const defaultSeed = 53;
const mostMessages = 1_000_000;
const mostSeed = 2 ** 32 - 1;

export const help = (names: readonly string[]): string => `Checks what the system promises while it fails on purpose.

npx pnpm@12 run test:faults [options]

  --messages N  how many messages are posted in all, shared evenly by the scenarios (default: ${messagesEach} for each)
  --seed N      another seed makes other faults happen at other times (default: ${defaultSeed})
  --only NAME   only this scenario; may be given several times. There are: ${names.join(', ')}
  --keep        write the history to a file also if every promise was kept
  --help        print this

Two scenarios run at a time. 100,000 messages take about an hour on two cores.`;

/**
 * @param names - all scenarios
 * @param byDefault - those that run if none is named
 */
export function readArguments(
  args: readonly string[],
  names: readonly string[],
  byDefault: readonly string[] = names,
): Read {
  let values: ReturnType<typeof parse>;
  try {
    values = parse(args);
  } catch (error) {
    return { kind: 'refused', reason: error instanceof Error ? error.message : String(error) };
  }
  if (values.help) return { kind: 'help' };
  const only = names.filter((name) => (values.only ?? byDefault).includes(name));
  const unknown = values.only?.find((name) => !names.includes(name));
  if (unknown !== undefined)
    return { kind: 'refused', reason: `There is no scenario ${unknown}. There are: ${names.join(', ')}` };
  const all = toWhole(values.messages, 1, mostMessages);
  if (all === undefined) return { kind: 'refused', reason: `--messages must be from 1 to ${mostMessages}` };
  const seed = toWhole(values.seed, 0, mostSeed);
  if (seed === undefined) return { kind: 'refused', reason: `--seed must be from 0 to ${mostSeed}` };
  const messages = all === 'absent' ? messagesEach : Math.ceil(all / only.length);
  return { kind: 'run', wanted: { messages, seed: seed === 'absent' ? defaultSeed : seed, only, keep: !!values.keep } };
}

const parse = (args: readonly string[]) =>
  parseArgs({
    options: {
      messages: { type: 'string' },
      seed: { type: 'string' },
      only: { type: 'string', multiple: true },
      keep: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
    // pnpm passes the separator on.
    args: args.filter((argument) => argument !== '--'),
  }).values;

/** @returns nothing if the text is not a whole number in this range */
function toWhole(text: string | undefined, least: number, most: number): number | 'absent' | undefined {
  if (text === undefined) return 'absent';
  const number = Number(text);
  return /^\d+$/.test(text) && number >= least && number <= most ? number : undefined;
}
