import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build, type Plugin } from 'esbuild';
import { median } from './figures.ts';
import { printTable } from './print-table.ts';
import { checkReceiverSize, measureReceiver } from './receiver-size.ts';
import { measureProgram } from './size/measure-program.ts';
import { checkProgram, checkSizes, type MeasuredFunction, type MeasuredProgram } from './size-aims.ts';

const help = `Prints the bundle size and the load time of every function, bundled as services/esbuild.yml says.
Then the compressed size of a program that receives messages, for every entry of @posthorn/receiver.

  npx pnpm@12 run size

Load time: the time that require() of the bundle takes in a new process, median of nine.
The command line has its size as it is published, and the time from the start to the end of \`posthorn --version\`.
Aims: every function is under 700 KB minified, but those that run transformations (they have a sandbox of about 1 MB). The
one that accepts messages has at most 400 KB, and loads in under 150 ms. A program with the receiver kit has at most 10
KB. The command line has at most 300 KB, and starts in at most twice the time of an empty program. If an aim is missed, the
exit code is 1.`;

const root = join(import.meta.dirname, '../..');
// What esbuild.yml names: a CommonJS module that exports a list of plugins.
const plugins = createRequire(import.meta.url)('../../services/esbuild-plugins.cjs') as Plugin[];
const services = ['api', 'db-triggers', 'queue-workers'] as const;
const runs = 9;
/** Functions read these at cold start. They are not used before the first event. */
const environment = {
  POSTHORN_STAGE: 'size',
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'none',
  AWS_SECRET_ACCESS_KEY: 'none',
  POWERTOOLS_METRICS_DISABLED: 'true',
};

async function findHandlers(service: string): Promise<readonly string[]> {
  const source = join(root, 'services', service, 'src');
  const entries = await readdir(source, { recursive: true });
  return entries.filter((entry) => entry.endsWith('/handler.ts')).map((entry) => join(source, entry));
}

/** Must match `exclude` in services/esbuild.yml. */
const excluded = [
  '@aws-sdk/credential-provider-http',
  '@aws-sdk/credential-provider-ini',
  '@aws-sdk/credential-provider-process',
  '@aws-sdk/credential-provider-sso',
  '@aws-sdk/credential-provider-web-identity',
  '@smithy/credential-provider-imds',
  '@smithy/core/event-streams',
];

/** Must match services/esbuild.yml. */
const bundle = (entry: string, outfile: string) =>
  build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    minify: true,
    target: 'node24',
    platform: 'node',
    format: 'cjs',
    mainFields: ['module', 'main'],
    conditions: ['module', 'import', 'node'],
    external: excluded,
    plugins,
    logLevel: 'error',
  });

async function measure(entry: string, folder: string): Promise<MeasuredFunction> {
  const name = entry
    .slice(join(root, 'services').length + 1)
    .replace('/src/', '/')
    .replace('/handler.ts', '');
  const outfile = join(folder, `${name.replace('/', '-')}.cjs`);
  await bundle(entry, outfile);
  const times: number[] = [];
  for (let run = 0; run < runs; run += 1) times.push(await loadOnce(outfile));
  return { name, kilobytes: (await stat(outfile)).size / 1000, loadMs: median(times) };
}

async function loadOnce(file: string): Promise<number> {
  const program = [
    'const before = performance.now()',
    `require(${JSON.stringify(file)})`,
    'console.log(performance.now() - before)',
    'process.exit()',
  ].join('; ');
  const { stdout } = await promisify(execFile)(process.execPath, ['-e', program], { env: environment });
  return Number(stdout.trim().split('\n').at(-1));
}

const programCells = ({ kilobytes, startMs, emptyStartMs }: MeasuredProgram): readonly string[] => [
  `${kilobytes.toFixed(0)} KB`,
  `${startMs.toFixed(0)} ms`,
  `${emptyStartMs.toFixed(0)} ms`,
];

async function main(): Promise<void> {
  if (process.argv.includes('--help')) return console.log(help);
  const folder = await mkdtemp(join(tmpdir(), 'posthorn-size-'));
  const handlers = (await Promise.all(services.map(findHandlers))).flat();
  const measured: MeasuredFunction[] = [];
  for (const handler of handlers) measured.push(await measure(handler, folder));
  await rm(folder, { recursive: true });
  const rows = measured.map(({ name, kilobytes, loadMs }) => [
    name,
    `${kilobytes.toFixed(0)} KB`,
    `${loadMs.toFixed(0)} ms`,
  ]);
  printTable(['function', 'bundle', 'load'], rows);
  console.log();
  const entries = await measureReceiver();
  printTable(
    ['receiver kit', 'in a program, gzip'],
    entries.map(({ entry, gzipKilobytes }) => [entry, `${gzipKilobytes.toFixed(1)} KB`]),
  );
  console.log();
  const program = await measureProgram();
  printTable(['program', 'bundle', 'start', 'empty program'], [['posthorn', ...programCells(program)]]);
  console.log();
  for (const { what, missedBy } of [...checkSizes(measured), checkReceiverSize(entries), ...checkProgram(program)]) {
    console.log(`${what}: ${missedBy === undefined ? 'met' : `missed (${missedBy})`}`);
    if (missedBy !== undefined) process.exitCode = 1;
  }
}

await main();
