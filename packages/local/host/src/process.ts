// Runs the host in a process of its own: `node process.mjs '{"root":…}'`. The parent restarts it when it dies.
import { setTimeout as wait } from 'node:timers/promises';
import { FolderInUse, FolderNotOpened, StorageFull, StorageWriteFailed } from '@posthorn/local-storage';
import { type Host, type HostOptions, startHost } from './host.ts';
import { createAccessOutput } from './output/access-output.ts';
import { startStores } from './start-stores.ts';

/** How long to wait for the folder and the port, which a killed process may still hold. */
const patienceMs = 10_000;
const tryAgainAfterMs = 100;
/** Time limits for what is in flight, and for closing the stores, at a stop. */
const graceMs = 2_000;
const stopMs = 2_700;
/** At the end, how long the parent may take to read the access log. */
const longestReadMs = 200;

const stuckExitCode = 3;

// Only the parent starts this program.
const given = JSON.parse(process.argv[2] ?? '') as Omit<HostOptions, 'accessKey' | 'programKey' | 'restarts'>;
// Arguments can be seen by every user of the machine, the environment only by this one.
const { AWS_ACCESS_KEY_ID: id = '', AWS_SECRET_ACCESS_KEY: secret = '', POSTHORN_RESTARTS = '0' } = process.env;
const { POSTHORN_PROGRAM_KEY_ID: programId, POSTHORN_PROGRAM_KEY: programSecret = '' } = process.env;
const options: HostOptions = {
  ...given,
  accessKey: { id, secret },
  ...(programId !== undefined && { programKey: { id: programId, secret: programSecret } }),
  restarts: Number(POSTHORN_RESTARTS),
  // Once this program was ready, the folder has rows. If it is gone at a restart, it must not be created again.
  hadRows: given.hadRows === true || process.env.POSTHORN_WAS_READY === 'true',
};

const log = (line: string) => process.stderr.write(`${line}\n`);

// If the parent was killed, nobody reads any more. What is in progress is still finished, and stopped in order.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

const access = createAccessOutput({ write: (text, done) => process.stdout.write(text, done) });
process.once('exit', access.flush);

async function start(deadline = performance.now() + patienceMs): Promise<Host> {
  try {
    return await (options.functions === 'none' ? startStores : startHost)(options, {
      log,
      writeAccess: access.add,
      onStuck(functionKey) {
        log(`Warning: ${functionKey} does not end; the process is started again`);
        process.exit(stuckExitCode);
      },
    });
  } catch (error) {
    if (!passesSoon(error) || performance.now() > deadline || !process.connected) throw error;
    await wait(tryAgainAfterMs);
    return start(deadline);
  }
}

const passesSoon = (error: unknown): boolean =>
  error instanceof FolderInUse || (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE');

async function refuse(error: unknown): Promise<never> {
  // The message of an expected error says everything. For a bug, the stack says where it is.
  if (error instanceof TypeError || error instanceof ReferenceError) log(String(error.stack));
  const problem = error instanceof Error ? error.message : String(error);
  // The disk is full, or there are no descriptors left.
  const mayPass =
    error instanceof FolderNotOpened || error instanceof StorageFull || error instanceof StorageWriteFailed;
  await new Promise<void>((resolve) =>
    process.connected ? process.send?.({ problem, mayPass }, () => resolve()) : resolve(),
  );
  process.exit(1);
}

const starting = start();
const end = async () => {
  await Promise.race([starting.then((host) => host.stop(graceMs)).catch(log), wait(stopMs)]);
  const missing = await access.end(longestReadMs);
  if (missing > 0) log(`Warning: ${missing} lines of the access log were not read`);
  process.exit(0);
};
process.once('SIGTERM', end);
process.once('disconnect', end);
// The parent ended before this program listened for it.
if (!process.connected) await end();
await starting.then(({ port, endpoints, control, metrics, checkpoints, runs }) => {
  process.send?.({ listening: { port, control, metrics, checkpoints, runs, ...endpoints } });
  process.send?.('ready');
}, refuse);
