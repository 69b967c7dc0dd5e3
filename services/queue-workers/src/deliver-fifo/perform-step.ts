import { toDeliveryJob } from '@posthorn/contracts';
import {
  type Counter,
  deliveryIdOf,
  type EndpointRepository,
  type GroupOwner,
  type ParkedGroupRepository,
  type Step,
  type StepResult,
  type Wake,
} from '@posthorn/core';
import { noteCanceled, type StoreEndingDeps, storeEnding } from '@posthorn/delivering';
import { maxQueueDelaySeconds, type ReceivedJobs, type WakesQueue } from '@posthorn/queues';
import type { ReadLowest } from './read-lowest.ts';

export interface PerformStepDeps extends StoreEndingDeps {
  readonly groups: ParkedGroupRepository;
  readonly disableEndpoint: EndpointRepository['disable'];
  readonly sendWakes: WakesQueue['sendWakes'];
  readonly sendToDeadLetters: ReceivedJobs['sendToDeadLetters'];
  readonly counters: Counter;
}

/** The steps that only read or write. */
export type WriteStep = Exclude<Step, { kind: 'attempt' | 'finish' }>;

/** Does one step for a group. May be repeated. */
export async function performStep(
  deps: PerformStepDeps,
  { owner, readLowest }: { readonly owner: GroupOwner; readonly readLowest: ReadLowest },
  step: WriteStep,
): Promise<StepResult> {
  const { groups, clock } = deps;
  const now = clock();
  switch (step.kind) {
    case 'read-group':
      return { kind: 'group', group: await groups.find(owner) };
    case 'read-lowest':
      return { kind: 'lowest', lowest: await readLowest() };
    case 'park-behind':
      return { kind: await groups.park({ group: owner.group, place: step.place, delivery: step.item, now }) };
    case 'open-group': {
      const { to, item: delivery, wakeAt } = step;
      logChange(deps, owner, to);
      return { kind: await groups.open({ owner, to, delivery, now, ...(wakeAt && { wakeAt }) }) };
    }
    case 'move-group': {
      const { from, to, item: delivery, wakeAt } = step;
      logChange(deps, owner, to);
      const beside = { ...(delivery && { delivery }), ...(wakeAt && { wakeAt }) };
      return { kind: await groups.move({ owner, from, to, now, ...beside }) };
    }
    case 'delete-group':
      return { kind: await groups.delete(owner, step) };
    case 'delete-parked':
      await groups.deleteParked(owner, step.place);
      return { kind: 'done' };
    case 'hint':
      await hint(deps, { ...owner, epoch: step.epoch, at: step.at, slice: 0 });
      return { kind: 'done' };
    case 'hand-over': {
      const [unsent] = await deps.sendWakes([{ wake: { ...owner, epoch: step.epoch, at: now, slice: step.slice } }]);
      if (unsent) throw unsent.error;
      return { kind: 'done' };
    }
    case 'disable-endpoint':
      await deps.disableEndpoint(owner, step.at);
      return { kind: 'done' };
    case 'dead-letter': {
      const { item, reason } = step;
      const letter = { id: deliveryIdOf(item), body: toDeliveryJob(item), group: owner.group };
      await deps.sendToDeadLetters(letter, reason);
      const { messageId, endpointId, attemptNumber } = item;
      deps.log.warn('delivery.set_aside', { messageId, endpointId, attemptNumber, group: owner.group, reason });
      deps.counters.add('DeliveriesSetAside', 1);
      return { kind: 'done' };
    }
    case 'put-ending': {
      const { ending, item: delivery } = step;
      await storeEnding(deps, delivery, ending);
      if (ending.state === 'canceled') noteCanceled(deps, delivery, ending.reason);
      return { kind: 'done' };
    }
  }
}

/** The due row wakes the group too, up to a minute later: a hint that fails costs nothing but that. */
async function hint({ sendWakes, clock, log }: PerformStepDeps, wake: Wake): Promise<void> {
  const delaySeconds = Math.max(0, Math.ceil((wake.at.getTime() - clock().getTime()) / 1000));
  if (delaySeconds > maxQueueDelaySeconds) return;
  const [unsent] = await sendWakes([{ wake, delaySeconds }]);
  const { endpointId, group } = wake;
  if (unsent)
    log.warn('group.hint_not_sent', { endpointId, error: unsent.error, ...(group !== undefined && { group }) });
}

function logChange(
  { log }: PerformStepDeps,
  { endpointId, group }: GroupOwner,
  { state, head, attempt, reason, detail }: Extract<WriteStep, { kind: 'open-group' }>['to'],
): void {
  const fields = { endpointId, group, messageId: head, attemptNumber: attempt, reason, detail };
  if (state === 'blocked') log.warn('group.blocked', fields);
  else log.info('group.waits', fields);
}
