import type { Attempt } from '../attempt/attempt.ts';
import type { Delivery } from './delivery.ts';
import { findProgress } from './delivery-progress.ts';

const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second));
const first: Delivery = {
  organisationId: 'org_1',
  applicationId: 'app_1',
  messageId: 'msg_1',
  endpointId: 'ep_1',
  attemptNumber: 1,
  scheduledAt: at(0),
  trigger: 'scheduled',
};
const anAttempt = (status: Attempt['status'], nextAttemptAt?: Date) =>
  ({ status, ...(nextAttemptAt ? { nextAttemptAt } : {}) }) as Attempt;
const progressWith = (attempts: readonly Attempt[]) =>
  findProgress(first, async ({ attemptNumber }) => attempts[attemptNumber - 1]);

describe('findProgress', () => {
  it('starts at the first attempt', async () => {
    expect(await progressWith([])).toEqual({ kind: 'attempt', delivery: first });
  });

  it('goes on behind the last recorded attempt, at the time that it planned', async () => {
    const attempts = [anAttempt('failed', at(5)), anAttempt('failed', at(10))];
    expect(await progressWith(attempts)).toEqual({
      kind: 'attempt',
      delivery: { ...first, attemptNumber: 3, scheduledAt: at(10) },
    });
  });

  it('is finished by a success, and by a failure that nothing follows', async () => {
    expect(await progressWith([anAttempt('failed', at(5)), anAttempt('succeeded')])).toMatchObject({
      kind: 'finished',
      status: 'succeeded',
    });
    expect(await progressWith([anAttempt('failed')])).toMatchObject({ kind: 'finished', status: 'failed' });
  });
});
