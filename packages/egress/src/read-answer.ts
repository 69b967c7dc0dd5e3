import { isUtf8 } from 'node:buffer';
import { maxResponseBytes } from '@posthorn/core';

/** Reads at most 20,000 bytes of an answer; what comes behind is never read. */
export async function readAnswer(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > maxResponseBytes) break;
  }
  return toText(Buffer.concat(chunks).subarray(0, maxResponseBytes), size > maxResponseBytes);
}

/** The most bytes of a character that a cut can leave at the end. */
const longestRest = 3;

/** UTF-8 as text, without the part of a character that a cut leaves; anything else as base64. */
function toText(bytes: Buffer, wasCut: boolean): string {
  for (let rest = 0; rest <= (wasCut ? longestRest : 0); rest += 1) {
    const whole = bytes.subarray(0, bytes.length - rest);
    if (isUtf8(whole)) return whole.toString('utf8');
  }
  return bytes.toString('base64');
}
