import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { operations } from '@posthorn/change-events';
import { readSources, sourcesFileName } from '@posthorn/change-events/file';
import { readItem } from '@posthorn/change-events/samples';
import { localStage } from '../host-options.ts';
import { ownOrganisation } from '../organisation.ts';
import { checkText } from '../sources/check-text.ts';
import { runBackfill } from '../sources/run-backfill.ts';
import { sourcesHelp } from './help.ts';
import { complain, endWith, say } from './run-command.ts';

const options = {
  stage: { type: 'string', default: localStage },
  item: { type: 'string' },
  old: { type: 'string' },
  operation: { type: 'string' },
  keys: { type: 'string' },
  rate: { type: 'string', default: '50' },
  restart: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h' },
} as const;

/** @returns the exit code */
async function runSources(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
  const [command, ...others] = positionals;
  if (values.help) {
    say(sourcesHelp);
    return 0;
  }
  if (command === 'check' && others.length === 0) return check(values);
  const [table] = others;
  if (command === 'backfill' && table !== undefined && others.length === 1) return backfill(table, values);
  complain(sourcesHelp);
  return 1;
}

type Values = ReturnType<typeof parseArgs<{ options: typeof options }>>['values'];

async function backfill(table: string, { stage = localStage, rate = '', restart = false }: Values): Promise<number> {
  if (!/^[1-9]\d{0,4}$/.test(rate)) throw new Error(`--rate ${rate}: must be a number of items a second, from 1`);
  const dataDir = resolve(process.env.POSTHORN_DATA_DIR || '.posthorn');
  const { items, events, refused } = await runBackfill({ table, stage, rate: Number(rate), restart, dataDir }, say);
  say(`Done: ${events} events of ${items} items${refused > 0 ? `. ${refused} events could not be made` : ''}.`);
  return refused > 0 ? 2 : 0;
}

async function check({ stage = localStage, item, old, operation, keys }: Values): Promise<number> {
  const file = resolve(process.env.POSTHORN_SOURCES || sourcesFileName);
  const { found, sources, absent } = await readSources(file, { stage, organisationId: ownOrganisation() });
  if (!found) {
    complain(`There is no file ${file}. Describe your tables in it (docs/change-events.md), or set POSTHORN_SOURCES`);
    return 1;
  }
  const known = operations.find((one) => one === operation);
  if (operation !== undefined && known === undefined)
    throw new Error(`--operation ${operation}: must be one of ${operations.join(', ')}`);
  const parts = {
    ...(item !== undefined && { item: await readItemFile(item) }),
    ...(old !== undefined && { old: await readItemFile(old) }),
    ...(known !== undefined && { operation: known }),
    ...(keys !== undefined && { keys: keys.split(',').map((name) => name.trim()) }),
  };
  say(`${file} is valid for the stage ${stage}.`);
  if (sources.length > 0) say(`\n${checkText(sources, parts)}`);
  for (const name of absent) say(`\nsource ${name}: not read, because its table has neither ${stage} nor default`);
  return 0;
}

/** The path is relative to where the caller is. */
async function readItemFile(path: string) {
  const file = resolve(process.env.INIT_CWD ?? process.cwd(), path);
  try {
    return readItem(await readFile(file, 'utf8'));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`${file} is not an item: ${why}. It must be JSON, plain or with the types of DynamoDB`, {
      cause: error,
    });
  }
}

await endWith(() => runSources(process.argv.slice(2)));
