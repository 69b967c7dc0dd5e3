import { createBoundedMemory } from '@posthorn/core/memory/bounded-memory';
import type { SecretBox } from './sealing.ts';

const maxOpened = 1_000;
const rememberedMs = 60_000;
/** A longer sealed text is opened each time, so that the memory stays small. */
const maxSealedLength = 4_096;

/**
 * Remembers opened values of endpoints for a minute by their sealed text and their endpoint, so that a worker does not
 * decrypt the same secret for every attempt. A changed endpoint has another sealed text, so its change counts at once.
 *
 * @param now - returns the current time in milliseconds
 */
export function withOpenedMemory(box: SecretBox, now: () => number): SecretBox {
  const opened = createBoundedMemory<string>({ maxEntries: maxOpened, now });
  return {
    seal: box.seal,
    async open(sealed, context) {
      if (!('endpointId' in context) || sealed.length > maxSealedLength) return box.open(sealed, context);
      const name = `${sealed} ${context.organisationId} ${context.endpointId}`;
      const known = opened.find(name);
      if (known !== undefined) return known;
      const text = await box.open(sealed, context);
      opened.keep(name, text, rememberedMs);
      return text;
    },
  };
}
