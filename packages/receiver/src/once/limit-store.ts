import { type OnceStore, StoreError } from './store.ts';
import { unreferenced } from './timer.ts';

/** A store whose calls fail with `StoreError` if they throw, or if they take longer than the limit. */
export function limitStore(store: OnceStore, limitMs: number): OnceStore {
  const limit = async <T>(step: keyof OnceStore, call: () => Promise<T>): Promise<T> => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const isOver = new Promise<never>((_resolve, reject) => {
      const late = new Error(`It has not answered within ${limitMs / 1_000} s (storeTimeoutSeconds).`);
      timer = unreferenced(setTimeout(() => reject(late), limitMs));
    });
    try {
      // The race hears of a call that fails later, too: its rejection is not unhandled.
      return await Promise.race([call(), isOver]);
    } catch (cause) {
      throw new StoreError(step, { cause });
    } finally {
      clearTimeout(timer);
    }
  };
  return {
    claim: (id, claim) => limit('claim', () => store.claim(id, claim)),
    complete: (id, owner) => limit('complete', () => store.complete(id, owner)),
    release: (id, owner) => limit('release', () => store.release(id, owner)),
  };
}
