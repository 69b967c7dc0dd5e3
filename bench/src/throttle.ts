import { parseArgs } from 'node:util';
import { launchSystem } from '@posthorn/local-supervisor/launch';
import { startReceiver } from '@posthorn/testing';
import { printTable } from './print-table.ts';
import { type Limit, type LimitFigures, measureLimits, rounds } from './throttle/measure-limits.ts';

const help = `Measures throttleRate on this machine: endpoints and applications with limits of 5, 50 and 200 a second get
more messages at once than they may have, beside a tenant without a limit.

  npx pnpm@12 run bench:throttle [--seconds 15]

It takes about a minute and a half. It prints the fullest and the emptiest ten seconds of each limit while messages were
waiting. Aim: within ten percent of the limit.`;

const tolerance = 0.1;

async function main(): Promise<void> {
  const options = { seconds: { type: 'string', default: '15' }, help: { type: 'boolean', short: 'h' } } as const;
  const { values } = parseArgs({ options });
  if (values.help) {
    console.log(help);
    return;
  }
  const seconds = Number(values.seconds);
  if (!Number.isInteger(seconds) || seconds < 12 || seconds > 300) throw new Error('--seconds must be from 12 to 300');
  const receiver = await startReceiver();
  const system = await launchSystem();
  try {
    const rows: string[][] = [];
    const neighbour: string[][] = [];
    for (const limits of [[], ...rounds] as readonly (readonly Limit[])[]) {
      const { figures, latency } = await measureLimits({ system, receiver, limits, seconds });
      rows.push(...figures.map(toRow));
      const { p50, p95, p99 } = latency.fromAccept;
      neighbour.push([limits.map(nameOf).join(', ') || 'alone', ...[p50, p95, p99].map(String)]);
    }
    console.log('\nRequests in ten seconds, by limit:\n');
    printTable(['limit', 'aim', 'fullest', 'emptiest', ''], rows);
    console.log('\nA tenant without a limit, 10 messages a second, from accept to receive, ms:\n');
    printTable(['beside', 'p50', 'p95', 'p99'], neighbour);
  } catch (cause) {
    throw new Error(`The system said:\n${system.output()}`, { cause });
  } finally {
    await Promise.all([system.stop(), receiver.stop()]);
  }
}

const nameOf = ({ of, rate }: Limit): string => `${rate}/s for the ${of}`;

function toRow({ limit, most, fewest }: LimitFigures): string[] {
  const aim = limit.rate * 10;
  const isMet = most <= aim * (1 + tolerance) && (fewest ?? aim) >= aim * (1 - tolerance);
  return [nameOf(limit), String(aim), String(most), String(fewest ?? 'not known'), isMet ? 'met' : 'MISSED'];
}

await main();
