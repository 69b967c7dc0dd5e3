import { createHash, hash } from 'node:crypto';
import type { StoredAttribute } from '../rows/message-row.ts';

export const digestOfBody = (body: string): string => hash('md5', body);

type Attributes = Readonly<Record<string, StoredAttribute>>;

/** SQS's MD5 of message attributes: of each, in the order of the names, the name, the type and the value. */
export function digestOfAttributes(attributes: Attributes | undefined): string | undefined {
  if (attributes === undefined || Object.keys(attributes).length === 0) return undefined;
  const digest = createHash('md5');
  const add = (bytes: Buffer): void => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    digest.update(length).update(bytes);
  };
  for (const [name, { type, text, binary }] of Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1))) {
    add(Buffer.from(name));
    add(Buffer.from(type));
    digest.update(Buffer.from([binary === undefined ? 1 : 2]));
    add(binary === undefined ? Buffer.from(text ?? '') : Buffer.from(binary, 'base64'));
  }
  return digest.digest('hex');
}
