import { bodyTooLarge } from './receivable.ts';

const firstBytes = 16_384;

/** Collects a body. */
export interface BodyBytes {
  /** @throws WebhookError `body_too_large` */
  add(chunk: Uint8Array): void;
  /** What has come. */
  take(): Buffer;
}

/**
 * Copies the chunks of a body into one buffer, which grows with the body. A list of the chunks would keep far more than
 * the body: each holds the whole buffer in which it was received, also if it is one byte of that.
 */
export function collectBytes(maxBytes: number): BodyBytes {
  let buffer = Buffer.allocUnsafeSlow(Math.min(firstBytes, maxBytes));
  let length = 0;
  return {
    add: (chunk) => {
      if (length + chunk.byteLength > maxBytes) throw bodyTooLarge(maxBytes);
      if (length + chunk.byteLength > buffer.byteLength) {
        const wanted = Math.max(length + chunk.byteLength, buffer.byteLength * 2);
        const larger = Buffer.allocUnsafeSlow(Math.min(wanted, maxBytes));
        larger.set(buffer.subarray(0, length));
        buffer = larger;
      }
      buffer.set(chunk, length);
      length += chunk.byteLength;
    },
    take: () => buffer.subarray(0, length),
  };
}
