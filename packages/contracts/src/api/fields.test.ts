import * as z from 'zod/mini';
import { component, described } from './documentation.ts';
import { text } from './fields.ts';

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
