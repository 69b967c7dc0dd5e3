import type { GroupJob } from '../group-run.ts';
import { movesOfData } from './data-moves.ts';
import { withWake } from './stores.ts';
import { fault, type Move, move, movesOfWorker, spend } from './worker-moves.ts';
import { future, present, type Rules, type World } from './world.ts';
import type { Description } from './world-key.ts';

// A test runs in a context of its own, where each look at a global takes long.
const { isArray } = Array;
const { entries, fromEntries } = Object;
const DateOf = Date;

/** Everything that can happen next in a world. */
export const movesOf = (world: World, rules: Rules, says: Description): readonly Move[] => [
  ...movesOfFanOut(world, rules),
  ...movesOfTime(world, rules, says),
  ...movesOfPeople(world, rules),
  ...movesOfData(world),
  ...world.workers.flatMap((_, index) => movesOfWorker(world, index, { ...rules, newEpoch: says.newEpoch })),
];

function movesOfFanOut(world: World, rules: Rules): readonly Move[] {
  const moves: Move[] = [];
  const { accepted, budget } = world;
  // Messages that are accepted while the endpoint is disabled are not planned for it.
  if (accepted < rules.messages && world.endpoint === 'enabled')
    moves.push(move(`message ${accepted} is queued`, () => withDelivery(accept(world, rules), accepted)));
  if (budget.copies > 0)
    for (let message = 0; message < accepted; message += 1)
      moves.push(fault(`message ${message} is queued again`, () => withDelivery(spend(world, 'copies'), message)));
  const [command, ...commands] = world.commands;
  if (command) moves.push(move('a command is queued', () => ({ ...withJob(world, command), commands })));
  return moves;
}

function accept(world: World, { isScheduled }: Rules): World {
  const { accepted } = world;
  return {
    ...world,
    accepted: accepted + 1,
    records: [...world.records, ''],
    plannedAt: [...world.plannedAt, isScheduled && accepted === 0 ? future : present],
    stored: [...world.stored, 'none'],
    wasSetAside: [...world.wasSetAside, false],
    expired: [...world.expired, false],
    resent: [...world.resent, false],
  };
}

function withDelivery(world: World, message: number): World {
  const scheduledAt = world.plannedAt[message] ?? present;
  const item = { ...owner, messageId: String(message), attemptNumber: 1, scheduledAt, trigger: 'scheduled' } as const;
  const job = { kind: 'delivery', place: String(world.places), item } as const;
  return { ...withJob(world, job), places: world.places + 1 };
}

const owner = { organisationId: '', applicationId: '', endpointId: '' };

const withJob = (world: World, job: GroupJob): World => ({ ...world, queue: [...world.queue, { job }] });

function movesOfTime(world: World, { dropsRepeatedWakes }: Rules, { hasLater }: Description): readonly Move[] {
  const moves: Move[] = [];
  if (hasLater) moves.push(move('time passes', () => afterTime(world)));
  for (const row of world.due) {
    const sent = withWake(world, { epoch: row.epoch, slice: 0 }, dropsRepeatedWakes);
    const released = { ...sent, due: world.due.filter((one) => one !== row) };
    const { budget } = world;
    if (row.at > present) {
      if (budget.earlyWakes > 0) moves.push(fault('a wake comes early', () => spend(released, 'earlyWakes')));
      continue;
    }
    moves.push(move('a wake comes', () => released));
    if (budget.repeatedWakes > 0)
      moves.push(fault('a wake comes, and its row is kept', () => spend(sent, 'repeatedWakes')));
  }
  return moves;
}

/** The same world when everything that waits is due. */
function afterTime(world: World): World {
  const { records, ...rest } = world;
  // Dates are the only objects with a method; a copy by way of JSON would lose them.
  return { ...(isOver(rest) as typeof rest), records: records.map((one) => one.replaceAll('r', 'R')) };
}

function isOver(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof DateOf) return present;
  if (isArray(value)) return value.map(isOver);
  return fromEntries(entries(value).map(([name, member]) => [name, isOver(member)]));
}

function movesOfPeople(world: World, { without }: Rules): readonly Move[] {
  const { group, budget, endpoint } = world;
  const moves: Move[] = [];
  const withCommand = (changed: World, action: 'skip' | 'attempt'): World =>
    group
      ? {
          ...changed,
          commands: [...changed.commands, { kind: 'command', action, head: group.head, attempt: group.attempt }],
        }
      : changed;
  if (group && budget.skips > 0)
    moves.push(fault('someone skips the head', () => withCommand(spend(world, 'skips'), 'skip')));
  if (group && budget.attemptsNow > 0)
    moves.push(fault('someone asks for an attempt now', () => withCommand(spend(world, 'attemptsNow'), 'attempt')));
  if (endpoint === 'enabled' && budget.disables > 0)
    moves.push(
      fault('someone disables the endpoint', () => ({
        ...spend(world, 'disables'),
        endpoint: 'disabled',
        isChanged: true,
      })),
    );
  // A person always can: only a blocked group may wait for that.
  if (endpoint === 'disabled')
    moves.push(move('someone enables the endpoint', () => ({ ...world, endpoint: 'enabled', isChanged: true })));
  if (endpoint !== 'deleted' && budget.deletions > 0)
    moves.push(
      fault('someone deletes the endpoint', () => ({
        ...spend(world, 'deletions'),
        endpoint: 'deleted',
        isChanged: true,
      })),
    );
  if (world.isChanged)
    moves.push(
      move('the change of the endpoint is seen', () => {
        const seen = { ...world, isChanged: false };
        if (endpoint === 'disabled') return seen;
        return withCommand({ ...seen, looksAgain: endpoint === 'deleted' && without !== 'second-sweep' }, 'attempt');
      }),
    );
  // It comes so late that no worker is left that read the endpoint before.
  if (world.looksAgain && world.workers.every((worker) => !worker))
    moves.push(move('the second sweep comes', () => withCommand({ ...world, looksAgain: false }, 'attempt')));
  return moves;
}
