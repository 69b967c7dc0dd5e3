import { maxBodyDepth as maxDepth, maxBodyParts as maxParts } from '@posthorn/contracts/api/body-limits';
import { requireFewParts } from './part-limit.ts';

const check = (text: string) => () => requireFewParts(text, ['body']);
const repeat = (part: string, count: number) => part.repeat(count);
const refusal = expect.objectContaining({
  issues: [{ loc: ['body'], msg: expect.stringContaining('20000 members'), type: 'value_error' }],
});

describe('the limit of members, elements, brackets and nesting', () => {
  it.each([
    ['elements', `[${repeat('1,', maxParts - 1)}1]`],
    ['brackets', `[${repeat('[],', maxParts / 2 - 1)}[]]`],
    ['nesting', repeat('[{"a":', maxDepth / 2)],
    ['brackets one after another', `[${repeat('[[]],', maxDepth)}[]]`],
    ['brackets in a text', `"${repeat('[', maxParts)}"`],
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
    ['brackets', `[${repeat('[],', maxParts / 2)}[]]`],
    ['elements behind a text that ends in a backslash', `["\\\\",${repeat('1,', maxParts)}1]`],
    ['brackets in objects', `[${repeat('{"a":[]},', maxParts / 2)}[]]`],
  ])('refuses too many %s', (_, text) => {
    expect(check(text)).toThrow(refusal);
  });

  it.each([
    ['one level too many', repeat('[{"a":', maxDepth / 2 + 1)],
    ['half a million levels', repeat('{"a":', 500_000)],
    ['a level too many behind others', `[[],{"a":"]"},${repeat('[', maxDepth)}`],
  ])('refuses %s', (_, text) => {
    const issues = [{ loc: ['body'], msg: expect.stringContaining('100 objects and lists'), type: 'value_error' }];
    expect(check(text)).toThrow(expect.objectContaining({ issues }));
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
