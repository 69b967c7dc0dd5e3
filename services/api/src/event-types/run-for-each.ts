const concurrency = 8;

/**
 * Runs a task for each item, a few at a time. After the first failure no task is begun. The failure is thrown when the
 * tasks that are under way have ended, so nothing goes on after the answer to the request.
 */
export async function runForEach<Item>(items: readonly Item[], run: (item: Item) => Promise<unknown>): Promise<void> {
  const rest = items.values();
  let failure: { readonly error: unknown } | undefined;
  const worker = async () => {
    for (const item of rest) {
      if (failure) return;
      try {
        await run(item);
      } catch (error) {
        failure ??= { error };
      }
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  if (failure) throw failure.error;
}
