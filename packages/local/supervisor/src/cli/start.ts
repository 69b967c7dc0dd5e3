import { createAccessOutput } from '@posthorn/local-host/access-output';
import { readSettings } from '../settings.ts';
import { startSystem } from '../system.ts';
import { startHelp } from './help.ts';
import { createLinePrinter } from './print-lines.ts';
import { complain, say } from './run-command.ts';
import { runSystem } from './run-system.ts';
import { createServiceOutput } from './service-output.ts';
import { welcome } from './welcome.ts';

/** At the end, how long the reader of the access log may take. */
const longestReadMs = 200;

await runSystem((args) => {
  if (args.includes('--help') || args.includes('-h')) return void say(startHelp);
  const [unknown] = args;
  if (unknown !== undefined) throw new Error(`Unknown argument ${unknown}. See: npx pnpm@12 start --help`);
  const settings = readSettings(process.env);
  const { allowedSubnets } = settings;
  // The host has waited for others already, so here a moment is what was read at once.
  const access = createAccessOutput({
    write: (text, done) => process.stdout.write(text, done),
    writeLater: queueMicrotask,
  });
  return {
    start(giveUp) {
      say('Starting Posthorn: the store, then all functions in one process …');
      const output = createServiceOutput(
        createLinePrinter((text) => process.stderr.write(text)),
        access.add,
      );
      return startSystem(settings, { ...output, onProgress: say }, giveUp);
    },
    async onStopped() {
      const missing = await access.end(longestReadMs);
      if (missing > 0) complain(`Warning: ${missing} lines of the access log were not read`);
    },
    onReady: (system) => say(welcome(system, { directory: process.env.INIT_CWD ?? process.cwd(), allowedSubnets })),
  };
});
