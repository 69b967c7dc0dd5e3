import { maxParts, requireFewParts } from './part-limit.ts';

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
});
