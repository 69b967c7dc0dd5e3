import { fault, type Move, spend } from './worker-moves.ts';
import { type Damage, type World, withAt } from './world.ts';

/** What can happen to the data of the messages and of the endpoint. None of it need happen. */
export const movesOfData = (world: World): readonly Move[] => [...movesOfMessages(world), ...movesOfDamage(world)];

function movesOfMessages(world: World): readonly Move[] {
  const { expiries, resends } = world.budget;
  const moves: Move[] = [];
  for (let message = 0; message < world.accepted; message += 1) {
    if (expiries > 0 && !world.expired[message])
      moves.push(
        fault(`message ${message} expires`, () => ({
          ...spend(world, 'expiries'),
          expired: withAt(world.expired, message, true),
        })),
      );
    // While a first attempt is under way nobody asks for another one.
    const isUnderWay = !world.group && world.workers.some((worker) => worker !== undefined);
    if (resends > 0 && !world.resent[message] && !isUnderWay)
      moves.push(fault(`message ${message} is accepted beside the group`, () => afterResend(world, message)));
  }
  return moves;
}

/** Its worker tells the group that it is parked in. */
function afterResend(world: World, message: number): World {
  const { parked, commands } = world;
  const after = { ...spend(world, 'resends'), resent: withAt(world.resent, message, true) };
  if (!parked.some(({ item }) => item.messageId === String(message))) return after;
  const command = { kind: 'command', action: 'leave', head: String(message), attempt: 1 } as const;
  return { ...after, commands: [...commands, command] };
}

function movesOfDamage(world: World): readonly Move[] {
  const { damage, accepted, budget } = world;
  if (damage) return [fault('what is damaged is repaired', () => ({ ...world, damage: undefined }))];
  if (budget.damages === 0) return [];
  const damages: Damage[] = [{ of: 'endpoint' }];
  for (let message = 0; message < accepted; message += 1)
    damages.push({ of: 'message', message }, { of: 'row', message }, { of: 'code', message });
  return damages.map((one) =>
    fault(`damage: ${JSON.stringify(one)}`, () => ({ ...spend(world, 'damages'), damage: one })),
  );
}
