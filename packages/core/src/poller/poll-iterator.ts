import { hash } from 'node:crypto';
import { type LogPosition, maxPositionDigits } from './message-log.ts';

/** Who polls: a sink, or a consumer of a sink. An iterator is valid for its poller only. */
export interface Poller {
  readonly applicationId: string;
  readonly sink: string;
  readonly consumer?: string;
}

/** Where a poller goes on. */
export interface PollPlace {
  readonly position: LogPosition;
  /** Of the consumer, when the iterator was made. 0 without a consumer. */
  readonly generation: number;
}

const iteratorForm = new RegExp(`^([0-9a-f]{16}) (\\d{1,${maxPositionDigits}}) (\\d{1,15})$`);

/** The text that a client sends to go on. It says nothing to the client. */
export const formatPollIterator = (poller: Poller, { position, generation }: PollPlace): string =>
  Buffer.from(`${digestOf(poller)} ${position} ${generation}`).toString('base64url');

/** Returns undefined if the text is no iterator of this poller. */
export function parsePollIterator(poller: Poller, text: string): PollPlace | undefined {
  const decoded = Buffer.from(text, 'base64url').toString('latin1');
  const [, digest, digits = '', generation] = iteratorForm.exec(decoded) ?? [];
  if (digest !== digestOf(poller)) return undefined;
  const place = { position: String(BigInt(digits)), generation: Number(generation) };
  // Texts that only look like it decode to the same bytes.
  return formatPollIterator(poller, place) === text ? place : undefined;
}

const digestOf = ({ applicationId, sink, consumer }: Poller): string =>
  hash('sha256', JSON.stringify([applicationId, sink, consumer ?? null]), 'hex').slice(0, 16);
