import { readSettings } from '../settings.ts';
import { startSystem } from '../system.ts';
import { startHelp } from './help.ts';
<<<<<<< HEAD
import { complain, say } from './run-command.ts';
=======
import { complain, runCommand, runSystem, say } from './run-system.ts';
>>>>>>> 015b83f (feat(local-supervisor,local-cloud): dev runs the services under serverless offline over the local cloud)
import { createServiceOutput } from './service-output.ts';
import { welcome } from './welcome.ts';

<<<<<<< HEAD
/** How long a cancelled start may take to stop what it started. The rest ends when this process ends. */
const undoMs = 3_000;

async function main(args: readonly string[]): Promise<void> {
  if (args.includes('--help') || args.includes('-h')) return void say(startHelp);
  const [unknown] = args;
  if (unknown !== undefined) throw new Error(`Unknown argument ${unknown}. See: npx pnpm@12 start --help`);
  const settings = readSettings(process.env);
  const asked = waitForStopRequest();
  const giveUp = new AbortController();
  say('Starting Posthorn: the store, then all functions in one process …');
  const starting = startSystem(settings, { ...createServiceOutput(complain), onProgress: say }, giveUp.signal);
  const system = await Promise.race([starting, asked.then(() => undefined)]);
  if (system) return run(system, settings, asked);
  complain('Stopping Posthorn …');
  giveUp.abort(new Error('the start was cancelled'));
  await Promise.race([starting.then((late) => late.stop()).catch(() => undefined), wait(undoMs)]);
}

async function run(system: System, { allowedSubnets }: Settings, asked: Promise<void>): Promise<void> {
  say(welcome(system, { directory: process.env.INIT_CWD ?? process.cwd(), allowedSubnets }));
  const failure = await Promise.race([asked, system.failed.catch((error: Error) => error)]);
  complain(failure ? `Posthorn cannot continue. ${failure.message}` : 'Stopping Posthorn …');
  await system.stop();
  if (failure) process.exit(1);
}

/** Our own errors say what to do, so their message is enough. Other errors are printed with their stack. */
const describeProblem = (error: unknown): string =>
  error instanceof Error && !(error instanceof TypeError)
    ? `Posthorn does not start. ${error.message}`
    : String((error as Error).stack ?? error);

// If the terminal was closed, writing fails. The processes must still be stopped in order.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

try {
  await main(process.argv.slice(2));
  process.exit(0);
} catch (error) {
  complain(describeProblem(error));
  process.exit(1);
}
=======
await runCommand(async (args) => {
  if (args.includes('--help') || args.includes('-h')) return say(startHelp);
  const [unknown] = args;
  if (unknown !== undefined) throw new Error(`Unknown argument ${unknown}. See: npx pnpm@12 start --help`);
  const settings = readSettings(process.env);
  const { allowedSubnets } = settings;
  say('Starting Posthorn: the stores, then api, db-triggers and queue-workers …');
  const observer = { ...createServiceOutput(complain), onProgress: say };
  await runSystem(
    (giveUp) => startSystem(settings, observer, giveUp),
    (system) => say(welcome(system, { directory: process.env.INIT_CWD ?? process.cwd(), allowedSubnets })),
  );
});
>>>>>>> 015b83f (feat(local-supervisor,local-cloud): dev runs the services under serverless offline over the local cloud)
