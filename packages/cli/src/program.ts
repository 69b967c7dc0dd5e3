import { version } from '@posthorn/core/version';
import { Command, Option } from 'commander';
import { addApi } from './commands/api/api.ts';
import { addCompletion } from './commands/completion/completion.ts';
import { addListen } from './commands/listen/listen.ts';
import { addLogin } from './commands/login/login.ts';
import { addLogout } from './commands/logout/logout.ts';
import { addReplay } from './commands/replay/replay.ts';
import { addSend } from './commands/send/send.ts';
import { addSign } from './commands/sign/sign.ts';
import { addStatus } from './commands/status/status.ts';
import { addTail } from './commands/tail/tail.ts';
import { addTokens } from './commands/tokens/tokens.ts';
import { addTrigger } from './commands/trigger/trigger.ts';
import { addVerify } from './commands/verify/verify.ts';
import { addWhoami } from './commands/whoami/whoami.ts';
import type { Context } from './context.ts';

/** The commands, in the order of the help. */
const commands = [
  addLogin,
  addLogout,
  addWhoami,
  addStatus,
  addListen,
  addTail,
  addSend,
  addTrigger,
  addReplay,
  addTokens,
  addSign,
  addVerify,
  addApi,
  addCompletion,
];

/** Returns the command line without any command. Its options can be anywhere in a line. */
export const createProgram = (): Command =>
  new Command('posthorn')
    .description('Send, receive and inspect events of a Posthorn server.')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print the help of a command')
    .option('--json', 'print JSON on stdout, and errors as JSON on stderr')
    .option('--profile <name>', 'the login to use (default: POSTHORN_PROFILE, or "default")')
    .option('--server <url>', 'the address of the server (default: POSTHORN_URL, or that of the login)')
    .addOption(new Option('--allow-http', 'allow plain HTTP to another machine'))
    .option('--verbose', 'print each request on stderr')
    .configureHelp({ showGlobalOptions: true })
    .showSuggestionAfterError(true);

/** Adds all commands to the command line. */
export function addCommands(program: Command, context: Context): void {
  for (const add of commands) add(program, context);
}
