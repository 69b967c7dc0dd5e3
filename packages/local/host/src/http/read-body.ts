import type { IncomingMessage } from 'node:http';

/** API Gateway accepts at most 10 MB. The functions have lower limits of their own. */
const maxBodyBytes = 10 * 1_024 * 1_024;

/** The body is larger than any function accepts. */
export class BodyTooLarge extends Error {
  constructor() {
    super(`the body is larger than ${maxBodyBytes} bytes`);
    this.name = 'BodyTooLarge';
  }
}

/**
 * Reads the body of a request. Returns nothing if there is none.
 *
 * @param beforeReading - is called if there is a body that is not too large
 * @throws BodyTooLarge, or Node's error if the client disconnects
 */
export function readBody(request: IncomingMessage, beforeReading: () => void): Promise<Buffer | undefined> {
  const length = request.headers['content-length'];
  if (length === undefined ? request.headers['transfer-encoding'] === undefined : length === '0') {
    request.resume();
    return Promise.resolve(undefined);
  }
  if (Number(length) > maxBodyBytes) return Promise.reject(new BodyTooLarge());
  beforeReading();
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= maxBodyBytes) return void chunks.push(chunk);
      // The rest is read and forgotten, so that the client gets the answer.
      chunks.length = 0;
      reject(new BodyTooLarge());
    });
    request.once('end', () => resolve(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks)));
    request.once('error', reject);
    request.once('close', () => reject(new Error('the client disconnected during its request')));
  });
}
