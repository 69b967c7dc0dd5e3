import { type LaunchedSystem, launchSystem } from '@posthorn/local-supervisor/launch';
import { type Receiver, startReceiver } from '@posthorn/testing';
import { Svix } from 'svix';
import { untilPasses } from './fixtures/until.ts';

let system: LaunchedSystem;
let receiver: Receiver;
let svix: Svix;
beforeAll(async () => {
  [system, receiver] = await Promise.all([launchSystem({ POSTHORN_RETRY_SCHEDULE: '3600' }), startReceiver()]);
  svix = new Svix(system.token, { serverUrl: system.url });
});
afterAll(async () => {
  await Promise.all([system?.stop(), receiver?.stop()]);
});

async function setSchedule(path: string, retrySchedule: readonly number[]): Promise<void> {
  const answer = await fetch(`${system.url}/api/v1${path}/retry-schedule`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${system.token}` },
    body: JSON.stringify({ retrySchedule }),
  });
  expect(answer.status).toBe(204);
}

describe('retry schedules', () => {
  it('of endpoint, event type and organisation go before the one of the installation, in this order', async () => {
    receiver.respond('/own', () => ({ status: 500 }));
    receiver.respond('/plain', () => ({ status: 500 }));
    const { id: app } = await svix.application.create({ name: 'schedules' });
    for (const name of ['typed', 'other']) await svix.eventType.create({ name, description: '' });
    const own = await svix.endpoint.create(app, { url: `${receiver.url}/own` });
    const plain = await svix.endpoint.create(app, { url: `${receiver.url}/plain` });
    await setSchedule('', [0]);
    await setSchedule('/event-type/typed', []);
    await setSchedule(`/app/${app}/endpoint/${own.id}`, [0, 0]);

    const typed = await svix.message.create(app, { eventType: 'typed', payload: {} });
    const other = await svix.message.create(app, { eventType: 'other', payload: {} });
    const attempts = async (message: string, endpointId: string) =>
      (await svix.messageAttempt.listByMsg(app, message, { endpointId })).data.length;
    await untilPasses(async () => {
      expect(await attempts(typed.id, own.id)).toBe(3);
      expect(await attempts(other.id, own.id)).toBe(3);
      expect(await attempts(typed.id, plain.id)).toBe(1);
      expect(await attempts(other.id, plain.id)).toBe(2);
    });
  });
});
