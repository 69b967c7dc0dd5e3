import { hash } from 'node:crypto';
import { present, type World } from './world.ts';

// A test runs in a context of its own, where each look at a global takes long.
const { isArray } = Array;
const { max } = Math;
const DateOf = Date;
const NumberOf = Number;

/** What a world says. */
export interface Description {
  /** The same for worlds that differ only in the numbers of epochs and in which worker is which. */
  readonly key: string;
  /** Whether anything in it waits for a time. */
  readonly hasLater: boolean;
  /** A number that no epoch in it has. */
  readonly newEpoch: number;
}

/** What was written of a value. Epochs are written as the order in which they come. */
interface Writing {
  text: string;
  readonly epochs: number[];
  hasLater: boolean;
}

export function describeWorld({ workers, queue, wakesSeen, ...rest }: World): Description {
  const writing: Writing = { text: '', epochs: [], hasLater: false };
  write(writing, { group: undefined, ...rest });
  for (const { job, holder } of queue) {
    write(writing, job);
    if (holder !== undefined) writing.text += 'h';
  }
  const [first, second] = workers.map((worker, index) => {
    const holds = queue.findIndex(({ holder }) => holder === index);
    return { of: worker, holds, alone: alone(worker, holds) };
  });
  const sorted = (first?.alone ?? '') <= (second?.alone ?? '') ? [first, second] : [second, first];
  for (const one of sorted) {
    writing.text += `@${one?.holds}`;
    write(writing, one?.of);
  }
  const { epochs } = writing;
  let seen = '';
  for (const text of wakesSeen.map(({ epoch, slice }) => `${epochs.indexOf(epoch)}.${slice}`).sort())
    if (!text.startsWith('-')) seen += `,${text}`;
  return {
    key: hash('md5', writing.text + seen, 'base64'),
    hasLater: writing.hasLater,
    newEpoch: max(0, ...epochs, ...wakesSeen.map(({ epoch }) => epoch)) + 1,
  };
}

/** A worker by itself, so that two of them have an order. */
function alone(worker: World['workers'][number], holds: number): string {
  const writing: Writing = { text: `${holds}`, epochs: [], hasLater: false };
  write(writing, worker);
  return writing.text;
}

function write(writing: Writing, value: unknown): void {
  if (typeof value !== 'object' || value === null) {
    writing.text += value;
    return;
  }
  if (value instanceof DateOf) {
    const isLater = value > present;
    writing.hasLater ||= isLater;
    writing.text += isLater ? 'later' : 'now';
    return;
  }
  if (isArray(value)) {
    for (const member of value) {
      write(writing, member);
      writing.text += ',';
    }
    writing.text += ']';
    return;
  }
  for (const name in value) {
    // The world has plain objects only.
    const member = (value as Readonly<Record<string, unknown>>)[name];
    if (member === undefined || member === '') continue;
    writing.text += name;
    if (name === 'epoch' || name === 'from') writing.text += orderOf(writing.epochs, NumberOf(member));
    else write(writing, member);
    writing.text += ';';
  }
}

function orderOf(epochs: number[], epoch: number): number {
  const known = epochs.indexOf(epoch);
  return known === -1 ? epochs.push(epoch) - 1 : known;
}
