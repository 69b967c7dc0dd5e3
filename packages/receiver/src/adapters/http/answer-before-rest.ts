import { finished, Readable } from 'node:stream';

/** Long enough for a sender to notice the answer, short enough for a server that is to stop. */
const lingerMs = 2_000;

/**
 * The text of an answer to a request of which a part has not come. It is sent at once. The stream ends, and the
 * connection can be closed, when the sender has stopped: a connection that is closed while bytes arrive is reset, and
 * the sender may lose the answer. What still comes is thrown away.
 */
export const answerBeforeRest = (request: Readable, text: string): Readable =>
  Readable.from(writeAndWait(request, text));

async function* writeAndWait(request: Readable, text: string): AsyncGenerator<string> {
  yield text;
  await discardRest(request);
}

function discardRest(request: Readable): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, lingerMs);
    finished(request, { writable: false }, () => {
      clearTimeout(timer);
      resolve();
    });
    request.resume();
  });
}
