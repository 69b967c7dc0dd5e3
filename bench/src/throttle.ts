import { parseArgs } from 'node:util';
import { measureThrottles, printThrottles } from './throttle/print-throttles.ts';

const help = `Measures throttleRate on this machine: endpoints and applications with limits of 5, 50 and 200 a second get
more messages at once than they may have, beside a tenant without a limit.

  npx pnpm@12 run bench:throttle [--seconds 20]

It takes about four minutes. It prints the fullest and the emptiest ten seconds of each limit while messages were
waiting. Aim: within ten percent of the limit. A machine that is busy with other things cannot keep up with 200 a second.`;

async function main(): Promise<void> {
  const options = { seconds: { type: 'string', default: '20' }, help: { type: 'boolean', short: 'h' } } as const;
  const { values } = parseArgs({ options });
  if (values.help) {
    console.log(help);
    return;
  }
  const seconds = Number(values.seconds);
  if (!Number.isInteger(seconds) || seconds < 18 || seconds > 300) throw new Error('--seconds must be from 18 to 300');
  printThrottles(await measureThrottles(seconds));
}

await main();
