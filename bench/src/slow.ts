import { parseArgs } from 'node:util';
import { measureDestinations, measureIsolation, printDestinations, printIsolation } from './slow/print-isolation.ts';

const help = `Simulates an hour on AWS with the deployed limits: one tenant sends 50 messages a second to endpoints that
hang, beside a quiet tenant. Then the same with a destination each, on the FIFO queue.

  npx pnpm@12 run bench:slow [--minutes 60] [--seed 1]

It takes about half a minute. It prints the latency of the quiet tenant, from accepted to answered, and what the workers
cost at list prices. Aim: a p95 of at most twice the quiet one with the slow queue, and with groups apart and paced.`;

function main(): void {
  const options = {
    minutes: { type: 'string', default: '60' },
    seed: { type: 'string', default: '1' },
    help: { type: 'boolean', short: 'h' },
  } as const;
  const { values } = parseArgs({ options });
  if (values.help) {
    console.log(help);
    return;
  }
  const [minutes, seed] = [Number(values.minutes), Number(values.seed)];
  if (!Number.isInteger(minutes) || minutes < 1 || minutes > 600) throw new Error('--minutes must be from 1 to 600');
  printIsolation(measureIsolation(minutes, seed), minutes);
  printDestinations(measureDestinations(minutes, seed), minutes);
}

main();
