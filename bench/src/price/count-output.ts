/** The log lines that were written while `run` ran. They are not printed. */
export async function countOutput<Result>(
  run: () => Promise<Result>,
): Promise<{ readonly result: Result; readonly lines: number; readonly bytes: number }> {
  const streams = [process.stdout, process.stderr];
  const before = streams.map(({ write }) => write);
  let text = '';
  const keep = (chunk: string | Uint8Array): boolean => {
    text += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString();
    return true;
  };
  for (const stream of streams) stream.write = keep;
  try {
    const result = await run();
    return { result, lines: text.split('\n').filter((line) => line !== '').length, bytes: Buffer.byteLength(text) };
  } finally {
    for (const [index, stream] of streams.entries()) stream.write = before[index] ?? stream.write;
  }
}
