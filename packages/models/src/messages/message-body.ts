import { createHash } from 'node:crypto';
import type { Message } from '@posthorn/core';
import { toEpochSeconds } from '../rows/expiry.ts';
import { inflate, type PackedRow, packLongText } from '../rows/packed-text.ts';
import { ForeignRow, flagOf, numberOf, type Row, textOf } from '../rows/row.ts';
import { applicationOfPartition } from './message-row.ts';

/** The largest body that is stored in the message's row. An item can have 400 KB, including the rest of the row. */
const inlineBytes = 350_000;
const chunkBytes = 350_000;
const digestLength = 16;

/** A body as attributes of its message's row. A body that does not fit there is stored in chunk rows. */
export interface StoredBody {
  readonly attributes: Row;
  readonly chunks: readonly Row[];
}

/** The attributes of a message's row that have the body, or say where it is. An expunged message has none of them. */
export const contentAttributes = ['body', 'chunks', 'digest', 'deflated'] as const;

/** The attributes of a message's row that are needed to load its body. */
export const bodyAttributes = ['partition', 'row', 'expungedAt', ...contentAttributes] as const;

/**
 * Stores a body as text, deflated, or in chunks. A chunk's key contains a digest of the content, so that another body
 * with the same message id does not overwrite it.
 */
export async function toStoredBody(message: Message, row: PackedRow): Promise<StoredBody> {
  const packed = await packLongText(message.body, row);
  if (Buffer.byteLength(packed) <= inlineBytes) return { attributes: { body: packed }, chunks: [] };
  const bytes = typeof packed === 'string' ? Buffer.from(packed) : packed;
  const digest = createHash('sha256').update(bytes).digest('hex').slice(0, digestLength);
  const chunks = Array.from({ length: Math.ceil(bytes.length / chunkBytes) }, (_, index) => ({
    ...chunkKey({ ...message, digest, index }),
    kind: 'chunk',
    part: bytes.subarray(index * chunkBytes, (index + 1) * chunkBytes),
    expiresAt: toEpochSeconds(message.expiresAt),
  }));
  return { attributes: { chunks: chunks.length, digest, deflated: typeof packed !== 'string' }, chunks };
}

/** The keys of the chunk rows with a row's body, in order. Empty if the body is in the row itself. */
export function chunkKeysOf(row: Row): readonly { readonly partition: string; readonly row: string }[] {
  if (row.chunks === undefined) return [];
  const applicationId = applicationOfPartition(textOf(row, 'partition'));
  const place = { applicationId, messageId: textOf(row, 'row'), digest: textOf(row, 'digest') };
  return Array.from({ length: numberOf(row, 'chunks') }, (_, index) => chunkKey({ ...place, index }));
}

/** The body of a row. `chunks` are the rows of `chunkKeysOf`, in order. */
export async function readBody(row: Row, chunks: readonly Row[]): Promise<string> {
  if (row.chunks === undefined)
    return row.body instanceof Uint8Array ? (await inflate(row.body)).toString() : textOf(row, 'body');
  const bytes = Buffer.concat(chunks.map(partOf));
  return (flagOf(row, 'deflated') ? await inflate(bytes) : bytes).toString();
}

function partOf({ part }: Row): Uint8Array {
  if (!(part instanceof Uint8Array)) throw new ForeignRow('part');
  return part;
}

/** The partition of all chunk rows of a message. */
export const chunkPartition = ({ applicationId, messageId }: Pick<Message, 'applicationId' | 'messageId'>): string =>
  `${applicationId}#chunks#${messageId}`;

const chunkKey = (chunk: Pick<Message, 'applicationId' | 'messageId'> & { digest: string; index: number }) => ({
  partition: chunkPartition(chunk),
  row: `${chunk.digest}#${String(chunk.index).padStart(3, '0')}`,
});
