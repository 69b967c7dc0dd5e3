import { type Endpoint, isId, type OperationalEvent, operationalApplicationIdOf, timeOfId } from '@posthorn/core';
import { anApplication, anEndpoint, ids, inMemoryEndpoints, nthId, secondsLater } from '@posthorn/testing';
import { anIntake } from './fixtures/an-intake.ts';
import { createEventTelling } from './tell-events.ts';

const hidden = operationalApplicationIdOf(ids.organisation);
const anEvent = (overrides: Partial<OperationalEvent> = {}): OperationalEvent => ({
  organisationId: ids.organisation,
  eventType: 'endpoint.created',
  source: ['endpoint', 'created', ids.endpoint, '1'],
  at: secondsLater(60),
  applicationId: ids.application,
  data: { endpointId: ids.endpoint, endpointUid: null },
  ...overrides,
});

/** An organisation with operational endpoints. `calls` has the names of all reads and writes. */
async function aTelling(...listeners: readonly Partial<Endpoint>[]) {
  const calls: string[] = [];
  const endpoints = inMemoryEndpoints();
  for (const listener of listeners) await endpoints.insert(anEndpoint({ applicationId: hidden, ...listener }));
  const intake = await anIntake({ clock: () => secondsLater(60) }, anApplication({ uid: 'customer' }));
  const begin = createEventTelling({
    ...intake.deps,
    findAccepting: (...name) => {
      calls.push('applications.find');
      return intake.applications.findAccepting(...name);
    },
    messages: {
      ...intake.messages,
      insert: (message) => {
        calls.push('messages.insert');
        return intake.messages.insert(message);
      },
    },
    listEndpoints: (applicationId) => {
      calls.push('endpoints.list');
      return endpoints.listForFanOut(applicationId);
    },
  });
  return { begin, endpoints, messages: intake.messages, calls };
}

describe('telling an event', () => {
  it('makes a message of the hidden application, with an id of the time of the event', async () => {
    const { begin, messages } = await aTelling({});
    expect(await begin()(anEvent())).toBe('told');
    const [message] = messages.all();
    expect(message).toMatchObject({
      organisationId: ids.organisation,
      applicationId: hidden,
      eventType: 'endpoint.created',
      contentType: 'application/json',
    });
    expect(JSON.parse(message?.body ?? '')).toEqual({
      type: 'endpoint.created',
      data: { appId: ids.application, appUid: 'customer', endpointId: ids.endpoint, endpointUid: null },
    });
    expect(isId('message', message?.messageId ?? '')).toBe(true);
    expect(timeOfId(message?.messageId ?? '')).toEqual(secondsLater(60));
  });

  it('makes one message of an event, however often its record comes, with the first body', async () => {
    const { begin, messages } = await aTelling({});
    await begin()(anEvent());
    const first = messages.all();
    expect(await begin()(anEvent({ data: { endpointId: ids.endpoint, endpointUid: 'later' } }))).toBe('told');
    expect(messages.all()).toEqual(first);
  });

  it('makes a message of each event', async () => {
    const { begin, messages } = await aTelling({});
    const tell = begin();
    await tell(anEvent());
    await tell(anEvent({ source: ['endpoint', 'created', ids.endpoint, '2'] }));
    expect(messages.all()).toHaveLength(2);
  });

  it('writes nothing if nobody listens', async () => {
    const { begin, messages, calls } = await aTelling(
      { endpointId: nthId('endpoint', 1), disabled: true },
      { endpointId: nthId('endpoint', 2), eventTypes: ['endpoint.deleted'] },
      { endpointId: nthId('endpoint', 3), organisationId: nthId('organisation', 1), applicationId: ids.application },
    );
    expect(await begin()(anEvent())).toBe('nobody_listens');
    expect(messages.all()).toEqual([]);
    expect(calls).toEqual(['endpoints.list']);
  });

  it('does not tell what happened before the endpoint was created', async () => {
    const { begin } = await aTelling({ endpointId: nthId('endpoint', 120) });
    expect(await begin()(anEvent())).toBe('nobody_listens');
    expect(await begin()(anEvent({ at: secondsLater(121) }))).toBe('told');
  });

  it('tells nothing of operational endpoints themselves, and reads nothing for that', async () => {
    const { begin, calls } = await aTelling({});
    expect(await begin()(anEvent({ applicationId: hidden }))).toBe('nobody_listens');
    expect(calls).toEqual([]);
  });

  it('reads endpoints and the uid once for a batch, and anew for the next one', async () => {
    const { begin, calls, endpoints } = await aTelling();
    const first = begin();
    for (const sequence of ['1', '2', '3']) await first(anEvent({ source: [sequence] }));
    expect(calls.splice(0)).toEqual(['endpoints.list']);
    await endpoints.insert(anEndpoint({ applicationId: hidden }));
    const second = begin();
    for (const sequence of ['4', '5']) expect(await second(anEvent({ source: [sequence] }))).toBe('told');
    expect(calls).toEqual(['endpoints.list', 'applications.find', 'messages.insert', 'messages.insert']);
  });

  it('tells the end of a task without reading an application', async () => {
    const { begin, calls, messages } = await aTelling({});
    const { applicationId: _, ...ended } = anEvent({
      eventType: 'background_task.finished',
      data: { taskId: ids.task },
    });
    expect(await begin()(ended)).toBe('told');
    expect(calls).toEqual(['endpoints.list', 'messages.insert']);
    expect(JSON.parse(messages.all()[0]?.body ?? '')).toEqual({
      type: 'background_task.finished',
      data: { taskId: ids.task },
    });
  });

  it('tells of an application that was deleted meanwhile, without its uid', async () => {
    const { begin, messages } = await aTelling({});
    await begin()(anEvent({ applicationId: nthId('application', 7) }));
    expect(JSON.parse(messages.all()[0]?.body ?? '')).toMatchObject({ data: { appUid: null } });
  });
});
