import { parseArgs } from 'node:util';
import { measureOrder, printOrder } from './fifo/measure-order.ts';

const help = `Measures deliveries in order.

  npx pnpm@12 run bench:fifo [--messages 4000] [--parked 100000]

It posts messages with 1, 20 and 500 ordering keys to a destination that accepts them, and counts deliveries a second.
Then it lets a destination fail until its groups are blocked, posts messages that are parked behind their heads, lets the
destination recover, enables it, and measures how fast the parked deliveries drain, with 1 and with 20 keys. CPU is that of
all processes of the system for a delivery. With the defaults it takes about ten minutes.`;

async function main(): Promise<void> {
  const options = {
    messages: { type: 'string', default: '4000' },
    parked: { type: 'string', default: '100000' },
    help: { type: 'boolean', short: 'h' },
  } as const;
  const { values } = parseArgs({ options });
  if (values.help) return console.log(help);
  const [messages, parked] = [Number(values.messages), Number(values.parked)];
  if (!(messages >= 500 && parked >= 100)) throw new Error('--messages must be 500 or more, and --parked 100 or more');
  printOrder(await measureOrder({ messages, drains: [1, 20].map((keys) => ({ keys, parked })) }));
}

await main();
