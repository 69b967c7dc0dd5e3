import { createProcessIo, run } from './index.ts';

/** A pipe takes what its reader leaves room for. What it has not taken yet would be lost at the exit. */
const untilRead = (stream: NodeJS.WriteStream): Promise<void> =>
  new Promise((resolve) => stream.write('', () => resolve()));

run(process.argv.slice(2), createProcessIo()).then(async (code) => {
  await Promise.all([process.stdout, process.stderr].map(untilRead));
  process.exit(code);
});
