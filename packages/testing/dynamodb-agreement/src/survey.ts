/**
 * Prints every kind of difference that random sequences find, each with one example. It helps with work on the server.
 * node packages/testing/dynamodb-agreement/src/survey.ts [sequences] [seed]
 */
import { isDeepStrictEqual } from 'node:util';
import { startDynamodbLocal } from '@posthorn/local-cloud/stores/dynamodb-local';
import { startDynamodbEmbedded } from '@posthorn/local-dynamodb/server';
import fc from 'fast-check';
import { type Difference, openComparison } from './compare.ts';
import { groupOperations, singleOperations } from './generators/sequence.ts';
import type { Operation } from './operation.ts';
import { isObject } from './plain.ts';
import { openStore } from './store.ts';
import { tables } from './tables.ts';

const [, , sequences = '200', seed = '1'] = process.argv;
const embedded = await openStore(() => startDynamodbEmbedded({ shardsPerStream: 2 }));
const local = await openStore(() => startDynamodbLocal({ inMemory: true }));
const comparison = await openComparison(embedded, local);
const kinds = new Map<string, { count: number; first: Difference; before: readonly Operation[] }>();
const began = performance.now();

for (const table of tables) {
  for (const arbitrary of [singleOperations(table), groupOperations(table)]) {
    for (const operations of fc.sample(arbitrary, { seed: Number(seed), numRuns: Number(sequences) / 8 })) {
      for await (const difference of comparison.differences(operations)) {
        note(difference, operations);
        // If both stores refused the request, they still have the same items.
        if (!('refusal' in difference.embedded && 'refusal' in difference.local)) break;
      }
    }
  }
}

function note(difference: Difference, operations: readonly Operation[]): void {
  const kind = kindOf(difference);
  const known = kinds.get(kind);
  const at = difference.operation === 'stream' ? operations.length : operations.indexOf(difference.operation);
  if (known === undefined) kinds.set(kind, { count: 1, first: difference, before: operations.slice(0, at) });
  else known.count += 1;
}

/** A kind is the text of a difference without the values. */
function kindOf({ operation, embedded: ours, local: theirs }: Difference): string {
  const words = (answer: typeof ours) =>
    JSON.stringify('refusal' in answer ? answer.refusal : 'an output').replaceAll(/[:#][nv]?\d+|-?\d[\d.eE+-]*/g, '0');
  return `${operation === 'stream' ? operation : operation.kind} ${words(ours)} ${words(theirs)}`;
}

/** Leaves out the stream records of keys that do not differ. */
function apart(one: Difference['embedded'], other: Difference['local']): unknown {
  if (!('output' in one) || !('output' in other) || !isObject(one.output) || !isObject(other.output)) return one;
  const { output } = other;
  return Object.fromEntries(
    Object.entries(one.output).filter(([key, value]) => !isDeepStrictEqual(value, output[key])),
  );
}

/** The text from shortly before the first difference. */
function from(one: unknown, other: unknown): string {
  const [text, otherText] = [JSON.stringify(one), JSON.stringify(other)];
  const place = [...text].findIndex((character, index) => character !== otherText[index]);
  return text.slice(Math.max(0, place - 120));
}

for (const { count, first, before } of [...kinds.values()].sort((one, other) => other.count - one.count)) {
  const writes = process.env.BEFORE === undefined ? [] : before.filter(({ kind }) => !/Get|Query|Scan/.test(kind));
  const most = Number(process.env.MOST ?? 600);
  const show = (thing: unknown) => JSON.stringify(thing).slice(0, most);
  const embeddedApart = apart(first.embedded, first.local);
  const localApart = apart(first.local, first.embedded);
  const lines = [
    `${count}x ${show(first.operation)}`,
    ...writes.map((one) => `    after ${show(one)}`),
    `  embedded ${show(from(embeddedApart, localApart))}`,
    `  local    ${show(from(localApart, embeddedApart))}`,
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}
process.stdout.write(`${JSON.stringify(comparison.compared)} in ${Math.round(performance.now() - began)} ms\n`);
await Promise.all([embedded.stop(), local.stop()]);
