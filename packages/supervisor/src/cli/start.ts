import { InvalidConfiguration } from '@posthorn/platform';
import { PortTaken } from '../ports.ts';
import { readSettings } from '../settings.ts';
import { type System, startSystem } from '../system.ts';
import { startHelp } from './help.ts';
import { createServiceOutput } from './service-output.ts';
import { welcome } from './welcome.ts';

const say = (text: string) => process.stdout.write(`${text}\n`);
const complain = (text: string) => process.stderr.write(`${text}\n`);

async function main(args: readonly string[]): Promise<void> {
  if (args.includes('--help') || args.includes('-h')) return void say(startHelp);
  const [unknown] = args;
  if (unknown !== undefined) throw new Error(`Unknown argument ${unknown}. See: npx pnpm@12 start --help`);
  const settings = readSettings(process.env);
  const asked = waitForSignal();
  say('Starting Posthorn: the stores, then api, db-triggers and queue-workers …');
  const starting = startSystem(settings, createServiceOutput(complain));
  const system = await Promise.race([starting, asked.then(() => undefined)]);
  if (!system) return stop(await starting.catch(() => undefined));
  say(welcome(system));
  try {
    await Promise.race([asked, system.failed]);
  } finally {
    await stop(system);
  }
}

/** Resolves at the first SIGINT or SIGTERM; a second one ends the process at once. */
const waitForSignal = (): Promise<void> =>
  new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });

async function stop(system: System | undefined): Promise<void> {
  complain('Stopping Posthorn …');
  await system?.stop();
}

/** What a person can put right says so by itself; anything else needs its stack. */
const isOwnMessage = (error: unknown): error is Error =>
  error instanceof InvalidConfiguration ||
  error instanceof PortTaken ||
  (error instanceof Error && error.name !== 'TypeError');

try {
  await main(process.argv.slice(2));
  process.exit(0);
} catch (error) {
  complain(isOwnMessage(error) ? `Posthorn does not start. ${error.message}` : String((error as Error).stack ?? error));
  process.exit(1);
}
