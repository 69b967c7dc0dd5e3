/**
 * Returns a function that writes a value, one write at a time. While one is written, only the latest other value waits.
 * The function resolves when its value or a later one is written.
 */
export function createLatestWriter<Value>(write: (value: Value) => Promise<void>): (value: Value) => Promise<void> {
  let latest: Value | undefined;
  let writing: Promise<void> | undefined;
  const writeAll = async () => {
    while (latest !== undefined) {
      const value = latest;
      latest = undefined;
      await write(value);
    }
  };
  return (value) => {
    latest = value;
    writing ??= writeAll().finally(() => {
      writing = undefined;
    });
    return writing;
  };
}
