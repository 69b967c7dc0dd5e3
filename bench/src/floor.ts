import { parseArgs } from 'node:util';
import { measureFloor } from './floor/measure-floor.ts';
import { printFloor } from './floor/print-floor.ts';

const help = `Measures the CPU that a message costs at least: a bare POST in, a bare POST out, and the calls of the embedded
store, in this process with its data in a folder. It takes about 20 seconds.

  npx pnpm@12 run bench:floor [--messages 10000] [--durability process|machine]

The CPU time of the store is that of the whole process, with LevelDB's threads. \`run bench\` compares a system with it.`;

async function main(): Promise<void> {
  const options = {
    messages: { type: 'string', default: '10000' },
    durability: { type: 'string', default: 'process' },
    help: { type: 'boolean', short: 'h' },
  } as const;
  const { values } = parseArgs({ options });
  if (values.help) return console.log(help);
  const messages = Number(values.messages);
  if (!Number.isInteger(messages) || messages < 1 || messages > 200_000)
    throw new Error('--messages must be from 1 to 200000');
  const { durability } = values;
  if (durability !== 'process' && durability !== 'machine') throw new Error('--durability must be process or machine');
  printFloor(await measureFloor({ messages, durability }));
}

await main();
