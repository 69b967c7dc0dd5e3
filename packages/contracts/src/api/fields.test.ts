import * as z from 'zod/mini';
import { component, described } from './documentation.ts';
import { applicationUid, endpointUid, eventId, eventTypeName, messageName, text } from './fields.ts';

describe('a text', () => {
  it.each(['x', 'é', '🦄'])('has a length in characters, as in JSON Schema: %s', (character) => {
    const accepts = (length: number) => z.safeParse(text({ least: 1, most: 3 }), character.repeat(length)).success;
    expect([0, 1, 3, 4].map(accepts)).toEqual([false, true, true, false]);
  });
});

it('does not describe a component: there would be two of one name', () => {
  const thing = component('ThingOfThisTest', z.object({}));
  expect(() => described('A thing.', thing)).toThrow('ThingOfThisTest');
});

describe.each([
  ['uid of an application', applicationUid, 'app_1'],
  ['uid of an endpoint', endpointUid, 'ep_1'],
  ['eventId', eventId, 'msg_1'],
  ['name of an event type', eventTypeName, 'a b'],
] as const)('the %s', (_, schema, other) => {
  const accepts = (value: string) => z.safeParse(schema, value).success;

  it('is not a step in a path', () => {
    expect(['.', '..', other].filter(accepts)).toEqual([]);
  });

  it.each(['a', '.a', 'a.', '..a', '...', '-', '.'.repeat(256)])('can be %s', (value) => {
    expect(accepts(value)).toBe(true);
  });

  it('says so in JSON Schema', () => {
    const { pattern = '' } = z.toJSONSchema(schema);
    const form = new RegExp(pattern, 'u');
    expect(['.', '..', '.a', '...'].filter((value) => form.test(value))).toEqual(['.a', '...']);
  });
});

it('lets messages be named that had the eventId of before', () => {
  expect(['.', '..'].filter((name) => !z.safeParse(messageName, name).success)).toEqual([]);
});
