import { createProcessIo, run } from './index.ts';

const io = createProcessIo();
run(process.argv.slice(2), io).then(async (code) => {
  await io.outputRead();
  process.exit(code);
});
