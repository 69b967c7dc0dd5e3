import type { Checkpoint, CheckpointStore } from './checkpoint-store.ts';
import { createLatestWriter } from './latest-writer.ts';

const timeoutMs = 10_000;

/**
 * Keeps the checkpoint of a mapping in a local cloud: `GET <url>/<name>` and `PUT <url>/<name>`. Whoever runs the mapping
 * next continues there.
 *
 * @param token - the bearer token of the cloud
 */
export function createRemoteCheckpointStore(
  { url, token }: { readonly url: string; readonly token: string },
  name: string,
): CheckpointStore {
  const address = `${url}/${encodeURIComponent(name)}`;
  const call = (init: { readonly method?: string; readonly body?: string } = {}) =>
    fetch(address, {
      ...init,
      headers: { authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(timeoutMs),
    });
  return {
    async load(streamArn) {
      const answer = await call();
      const text = await answer.text();
      if (answer.status === 404) return undefined;
      if (!answer.ok) throw new Error(`the checkpoint ${name} could not be read: ${answer.status} ${text}`);
      // The cloud returns only what `save` sent.
      const checkpoint = JSON.parse(text) as Checkpoint;
      return checkpoint.streamArn === streamArn ? checkpoint : undefined;
    },
    save: createLatestWriter<Checkpoint>(async (checkpoint) => {
      const answer = await call({ method: 'PUT', body: JSON.stringify(checkpoint) });
      if (!answer.ok) throw new Error(`the checkpoint ${name} was not saved: ${answer.status} ${await answer.text()}`);
      await answer.body?.cancel();
    }),
  };
}
