import { maxBodyParts as maxParts } from '@posthorn/contracts/api/body-limits';
import { requireFewParts } from './part-limit.ts';

const check = (text: string) => () => requireFewParts(text, ['body']);
const repeat = (part: string, count: number) => part.repeat(count);
const refusal = expect.objectContaining({
  issues: [{ loc: ['body'], msg: expect.stringContaining('20000 members'), type: 'value_error' }],
});

describe('the limit of members, elements and brackets', () => {
  it.each([
    ['elements', `[${repeat('1,', maxParts - 1)}1]`],
    ['brackets', repeat('[', maxParts)],
    ['commas and brackets in a text', `"${repeat(',[{', maxParts)}"`],
    ['escaped quotation marks before commas', `"${repeat('\\",', maxParts)}"`],
    ['escaped backslashes at the end of a text', `["${repeat('\\\\', maxParts)}",1]`],
    ['a million characters', `"${repeat('x', 1_000_000)}"`],
  ])('lets pass %s', (_, text) => {
    expect(check(text)).not.toThrow();
  });

  it.each([
    ['elements', `[${repeat('1,', maxParts)}1]`],
    ['members', `{${Array.from({ length: maxParts + 1 }, (_, n) => `"${n}":0`).join(',')}}`],
    ['brackets', repeat('[', maxParts + 1)],
    ['elements behind a text that ends in a backslash', `["\\\\",${repeat('1,', maxParts)}1]`],
    ['half a million brackets', repeat('{"a":', 500_000)],
  ])('refuses too many %s', (_, text) => {
    expect(check(text)).toThrow(refusal);
  });

  it('is above what the largest fields of any request have', () => {
    const eventTypes = Array.from({ length: 500 }, (_, n) => `type.${n}`);
    const headers = Object.fromEntries(Array.from({ length: 6_000 }, (_, n) => [`h${n}`, '']));
    const endpoint = JSON.stringify({ filterTypes: eventTypes, channels: eventTypes.slice(0, 10), headers });
    expect(endpoint.length).toBeGreaterThan(65_536);
    expect(check(endpoint)).not.toThrow();
    const properties = Object.fromEntries(
      Array.from({ length: 5_000 }, (_, n) => [`property${n}`, { type: 'string', description: 'A text.' }]),
    );
    const eventType = JSON.stringify({ name: 'a', schemas: { 1: { type: 'object', properties } } });
    expect(eventType.length).toBeGreaterThan(262_144);
    expect(check(eventType)).not.toThrow();
  });
});
