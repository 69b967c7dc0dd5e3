import { readSettings } from '../settings.ts';
import { startSystem } from '../system.ts';
import { startHelp } from './help.ts';
import { createLinePrinter } from './print-lines.ts';
import { say } from './run-command.ts';
import { runSystem } from './run-system.ts';
import { createServiceOutput } from './service-output.ts';
import { welcome } from './welcome.ts';

await runSystem((args) => {
  if (args.includes('--help') || args.includes('-h')) return void say(startHelp);
  const [unknown] = args;
  if (unknown !== undefined) throw new Error(`Unknown argument ${unknown}. See: npx pnpm@12 start --help`);
  const settings = readSettings(process.env);
  const { allowedSubnets } = settings;
  return {
    start(giveUp) {
      say('Starting Posthorn: the store, then all functions in one process …');
      const output = createServiceOutput(
        createLinePrinter((text) => process.stderr.write(text)),
        createLinePrinter((text) => process.stdout.write(text)),
      );
      return startSystem(settings, { ...output, onProgress: say }, giveUp);
    },
    onReady: (system) => say(welcome(system, { directory: process.env.INIT_CWD ?? process.cwd(), allowedSubnets })),
  };
});
