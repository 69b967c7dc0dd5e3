import { expiredIterator, validationFailure } from '../failure.ts';

/** A place in a shard: the next record to read. */
export interface ShardPlace {
  readonly streamId: string;
  readonly shard: number;
  readonly sequence: number;
}

const lifeMs = 15 * 60 * 1_000;

interface Written extends ShardPlace {
  readonly at: number;
}

/** Converts a place to the text of an iterator. The text contains the whole place, so it is valid after a restart. */
export const toIterator = ({ streamId, shard, sequence }: ShardPlace, now: number): string =>
  Buffer.from(JSON.stringify([streamId, shard, sequence, now])).toString('base64');

/** @throws ExpiredIteratorException after 15 minutes, ValidationException if the text is not a valid iterator */
export function fromIterator(text: string, now: number): ShardPlace {
  const { at, ...place } = parse(text);
  if (now - at > lifeMs) throw expiredIterator('Iterator expired. The iterator was created more than 15 minutes ago.');
  return place;
}

/** Returns the place of an iterator, also of an expired one, or nothing if the text is not a valid iterator. */
export function findShardPlace(text: string): ShardPlace | undefined {
  return tryToParse(text);
}

function parse(text: string): Written {
  const written = tryToParse(text);
  if (written) return written;
  throw validationFailure('Invalid ShardIterator');
}

function tryToParse(text: string): Written | undefined {
  try {
    const [streamId, shard, sequence, at]: unknown[] = JSON.parse(Buffer.from(text, 'base64').toString());
    if (typeof streamId === 'string' && [shard, sequence, at].every((part) => Number.isSafeInteger(part)))
      return { streamId, shard: Number(shard), sequence: Number(sequence), at: Number(at) };
  } catch (error) {
    if (!(error instanceof SyntaxError) && !(error instanceof TypeError)) throw error;
  }
  return undefined;
}
