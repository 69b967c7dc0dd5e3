import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { maxResponseBytes } from '@posthorn/core';

export interface ReadBody {
  /** UTF-8 as text, anything else as base64. */
  readonly text: string;
  /** The answer is longer than what was read of it. */
  readonly wasCut: boolean;
}

/** Reads at most 20,000 bytes of an answer; the rest is never read. */
export function readBody(
  answer: IncomingMessage,
  { fail, finish }: { fail(error: unknown): void; finish(body: ReadBody): void },
): void {
  const chunks: Uint8Array[] = [];
  let size = 0;
  const end = () => finish(toBody(chunks, size > maxResponseBytes));
  answer.on('error', fail);
  answer.on('end', end);
  answer.on('data', (chunk: Uint8Array) => {
    if (size > maxResponseBytes) return;
    chunks.push(chunk);
    size += chunk.length;
    if (size > maxResponseBytes) end();
  });
}

const toBody = (chunks: readonly Uint8Array[], wasCut: boolean): ReadBody => ({
  text: toText(Buffer.concat(chunks).subarray(0, maxResponseBytes), wasCut),
  wasCut,
});

/** The most bytes of an incomplete character at the end of a cut body. */
const longestRest = 3;

/** UTF-8 as text, without an incomplete character at the end of a cut body; anything else as base64. */
function toText(bytes: Buffer, wasCut: boolean): string {
  for (let rest = 0; rest <= (wasCut ? longestRest : 0); rest += 1) {
    const whole = bytes.subarray(0, bytes.length - rest);
    if (isUtf8(whole)) return whole.toString('utf8');
  }
  return bytes.toString('base64');
}
