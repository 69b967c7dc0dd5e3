// Runs the fault suite: `npx pnpm@12 run test:faults --help`. It ends by itself, with 1 if a promise was not kept.
import { appendFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkHistory } from './check/check-history.ts';
import { describeViolations } from './check/describe-violations.ts';
import { type NamedVerdict, printTable } from './check/print-table.ts';
import type { Event } from './history/event.ts';
import { help, readArguments, type Wanted } from './read-arguments.ts';
import { breaker } from './scenarios/breaker.ts';
import { calls } from './scenarios/calls.ts';
import { clock } from './scenarios/clock.ts';
import { kills } from './scenarios/kills.ts';
import { people } from './scenarios/people.ts';
import { receivers } from './scenarios/receivers.ts';
import type { Scenario } from './scenarios/scenario.ts';
import { store } from './scenarios/store.ts';

const scenarios: readonly Scenario[] = [receivers, kills, breaker, people, calls, clock, store];
/** It takes longer than the others, so it runs if it is named. */
const byName: readonly Scenario[] = [people];
/** Most scenarios wait more than they work. */
const atATime = 2;

const say = (line: string) => process.stdout.write(`${line}\n`);
const names = scenarios.map(({ name }) => name);
const seconds = (since: number) => Math.round((performance.now() - since) / 1_000);

const byDefault = scenarios.filter((one) => !byName.includes(one)).map(({ name }) => name);
const read = readArguments(process.argv.slice(2), names, byDefault);
if (read.kind === 'run') await runAll(read.wanted);
else if (read.kind === 'help') say(help(names));
else {
  process.stderr.write(`${read.reason}\n`);
  process.exitCode = 1;
}

async function runAll(wanted: Wanted): Promise<void> {
  const { seed, messages, only } = wanted;
  const verdicts: NamedVerdict[] = [];
  /** Scenarios that did not come to their end. */
  const broken: string[] = [];
  const startedAt = performance.now();
  say(`${only.length} scenarios, ${atATime} at a time, with ${messages} messages each; seed ${seed}`);
  const waiting = scenarios.filter(({ name }) => only.includes(name));
  const work = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const verdict = await runScenario(next, wanted);
      if (verdict) verdicts.push(verdict);
      else broken.push(next.name);
    }
  };
  await Promise.all(Array.from({ length: atATime }, work));
  const failed = [
    ...broken,
    ...verdicts.filter(({ verdict }) => verdict.violations.length > 0).map(({ scenario }) => scenario),
  ];
  const ordered = only.flatMap((name) => verdicts.find(({ scenario }) => scenario === name) ?? []);
  say(`\n${printTable(ordered)}\n\nseed ${seed}, ${seconds(startedAt)} s`);
  if (failed.length === 0) return;
  const again = `--seed ${seed} --messages ${messages * failed.length} --only ${failed.join(' --only ')}`;
  say(`Not kept: ${failed.join(', ')}. Repeat with: pnpm run test:faults ${again}`);
  process.exitCode = 1;
}

/** @returns nothing if the scenario did not come to its end. The other ones go on. */
async function runScenario(
  { name, about, run }: Scenario,
  { seed, messages, keep }: Wanted,
): Promise<NamedVerdict | undefined> {
  const tell = (line: string) => say(`${name}: ${line}`);
  tell(about);
  const begunAt = performance.now();
  const history = await run({ seed, messages, say: tell }).catch((error: unknown) => {
    tell(error instanceof Error ? error.message : String(error));
  });
  if (history === undefined) return undefined;
  const verdict = checkHistory(history);
  tell(`${verdict.violations.length} violations, in ${seconds(begunAt)} s`);
  for (const line of describeViolations(verdict.violations, history)) tell(line);
  if (keep || verdict.violations.length > 0)
    tell(`the whole history is in ${keepHistory(`posthorn-faults-${name}-${seed}`, history)}`);
  return { scenario: name, verdict };
}

/** Writes one event a line. @returns the file */
function keepHistory(name: string, history: readonly Event[]): string {
  const file = join(tmpdir(), `${name}.jsonl`);
  writeFileSync(file, '');
  for (const event of history) appendFileSync(file, `${JSON.stringify(event)}\n`);
  return file;
}
