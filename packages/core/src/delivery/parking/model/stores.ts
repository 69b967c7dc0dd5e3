import type { GroupChange, ParkedGroup } from '../parked-group.ts';
import type { Placed, Step, StepResult } from '../step.ts';
import { isThrough, type Rules, type World, withAt } from './world.ts';

interface Written {
  readonly world: World;
  readonly result: StepResult;
}

type WriteStep = Exclude<Step, { kind: 'attempt' | 'finish' }>;

/** Does a step of a worker at once and as a whole, as the tables and queues do. */
export function perform(world: World, step: WriteStep, { dropsRepeatedWakes, without }: Rules): Written {
  const { group, parked } = world;
  switch (step.kind) {
    case 'read-group':
      return { world, result: { kind: 'group', group } };
    case 'read-lowest':
      return { world, result: { kind: 'lowest', lowest: parked[0] } };
    case 'park-behind':
      if (!group) return refused(world);
      return done({ ...world, group: { ...group, parks: group.parks + 1 }, parked: withParked(parked, step) });
    case 'open-group': {
      if (group) return refused(world);
      const { item, to } = step;
      const opened = { group: { ...to, parks: 1 }, parked: withParked(parked, { item, place: to.place }) };
      return done({ ...world, ...opened, due: withDue(world.due, step, without) });
    }
    case 'move-group': {
      if (!group || (group.epoch !== step.from && without !== 'epochs')) return refused(world);
      if (group.epoch !== step.from) throw new Error('two workers change the same epoch of a group');
      const { item, to } = step;
      const moved: ParkedGroup = { ...to, parks: group.parks };
      return done({
        ...world,
        group: moved,
        due: withDue(world.due, step, without),
        parked: item ? withParked(parked, { item, place: to.place }) : parked,
      });
    }
    case 'delete-group': {
      if (group?.epoch !== step.epoch) return refused(world);
      if (group.parks !== step.parks && without !== 'counts') return refused(world);
      const { group: _, ...rest } = world;
      return done(rest);
    }
    case 'delete-parked':
      return done(withoutParked(world, step.place));
    case 'hand-over':
      return done(withWake(world, step, dropsRepeatedWakes));
    case 'disable-endpoint':
      return done(world.endpoint === 'enabled' ? { ...world, endpoint: 'disabled', isChanged: true } : world);
    case 'put-ending':
      return done(withEnding(world, step));
    case 'hint':
    case 'dead-letter':
      return done(world);
  }
}

function withEnding(world: World, { item, ending }: Extract<WriteStep, { kind: 'put-ending' }>): World {
  const message = Number(item.messageId);
  const isSetAside = ending.reason === 'set_aside';
  return {
    ...world,
    stored: withAt(world.stored, message, isSetAside ? 'set-aside' : 'ended'),
    ...(isSetAside && { wasSetAside: withAt(world.wasSetAside, message, true) }),
  };
}

/** Adds a wake to the queue, unless the queue drops it as a repeated one. */
export function withWake(
  world: World,
  { epoch, slice }: { readonly epoch: number; readonly slice: number },
  dropsRepeatedWakes: boolean,
): World {
  if (dropsRepeatedWakes && world.wakesSeen.some((seen) => seen.epoch === epoch && seen.slice === slice)) return world;
  const queue = [...world.queue, { job: { kind: 'wake', epoch, slice } as const }];
  return { ...world, queue, wakesSeen: dropsRepeatedWakes ? [...world.wakesSeen, { epoch, slice }] : [] };
}

/** A row of an earlier attempt never replaces one of a later attempt. */
function withParked(parked: World['parked'], { item, place }: Placed): World['parked'] {
  const kept = parked.find((row) => row.place === place);
  if (kept && kept.item.attemptNumber > item.attemptNumber) return parked;
  return [...parked.filter((row) => row.place !== place), { item, place }].toSorted((one, other) =>
    one.place < other.place ? -1 : 1,
  );
}

function withoutParked(world: World, place: string): World {
  const row = world.parked.find((one) => one.place === place);
  if (row && !isThrough(world, Number(row.item.messageId)))
    throw new Error(`message ${row.item.messageId} leaves its group, and has not ended`);
  return { ...world, parked: world.parked.filter((one) => one.place !== place) };
}

function withDue(
  due: World['due'],
  { to, wakeAt }: { readonly to: GroupChange; readonly wakeAt?: Date },
  without: Rules['without'],
): World['due'] {
  const isLeftOut = without === 'wakes-with-rows' || (without === 'second-look' && to.state === 'blocked');
  return wakeAt && !isLeftOut ? [...due, { epoch: to.epoch, at: wakeAt }] : due;
}

const done = (world: World): Written => ({ world, result: { kind: 'done' } });
const refused = (world: World): Written => ({ world, result: { kind: 'refused' } });
