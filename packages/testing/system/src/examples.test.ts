import { type LaunchedSystem, launchSystem } from '@posthorn/local-supervisor/launch';
import { type Receiver, startReceiver } from '@posthorn/testing';
import { Svix } from 'svix';
import { commandUnderTest } from './fixtures/command-under-test.ts';

let system: LaunchedSystem;
let receiver: Receiver;
let svix: Svix;
beforeAll(async () => {
  [system, receiver] = await Promise.all([launchSystem({}, commandUnderTest()), startReceiver()]);
  svix = new Svix(system.token, { serverUrl: system.url });
});
afterAll(async () => {
  await Promise.all([system?.stop(), receiver?.stop()]);
});

const bodiesTo = (path: string) => receiver.requestsTo(path).map(({ body }) => body);

it('sends an example to its endpoint only, whatever the filters of all endpoints', async () => {
  const { id: app } = await svix.application.create({ name: 'Toys' });
  await svix.eventType.create({
    name: 'invoice.paid',
    description: 'paid',
    schemas: { '1': { type: 'object', examples: [{ n: 1 }, { n: 2 }] } },
  });
  await svix.eventType.create({ name: 'invoice.sent', description: 'sent' });
  const { id: one } = await svix.endpoint.create(app, { url: `${receiver.url}/one`, eventTypes: ['invoice.sent'] });
  await svix.endpoint.create(app, { url: `${receiver.url}/all` });
  const config = { url: `${receiver.url}/ordered` };
  const { id: ordered } = await svix.destination.create(app, { type: 'fifoEndpoint', config });

  const example = await svix.endpoint.sendExample(app, one, { eventType: 'invoice.paid', exampleIndex: 1 });
  expect(example).toMatchObject({ eventType: 'invoice.paid', payload: { n: 2 } });
  await svix.endpoint.sendExample(app, ordered, { eventType: 'svix.ping' });
  await receiver.waitFor(() => bodiesTo('/one').length === 1 && bodiesTo('/ordered').length === 1);
  expect(await svix.message.get(app, example.id, { withContent: true })).toMatchObject({ payload: { n: 2 } });

  // What is accepted later reaches the endpoints that the examples were not for. They would have come before it.
  await svix.message.create(app, { eventType: 'invoice.sent', payload: { n: 3 } });
  await receiver.waitFor(() => ['/one', '/all', '/ordered'].every((path) => bodiesTo(path).includes('{"n":3}')));
  expect(['/one', '/all', '/ordered'].map(bodiesTo)).toEqual([
    ['{"n":2}', '{"n":3}'],
    ['{"n":3}'],
    ['{"success":true}', '{"n":3}'],
  ]);
});
