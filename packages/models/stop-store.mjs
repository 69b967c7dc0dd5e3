/** Stops what `start-store.mjs` has started. */
export default async function stopStore() {
  await globalThis.stopTestStore?.();
}
