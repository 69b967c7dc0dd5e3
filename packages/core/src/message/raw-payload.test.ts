import * as fc from 'fast-check';
import { rawPayloadOf } from './raw-payload.ts';

describe('rawPayloadOf', () => {
  it('keeps key order, big numbers, white space and escapes', () => {
    const payload = '{"b":1,"a":12345678901234567890,"é":"\\u00e9 "}';
    expect(rawPayloadOf(`{"eventType":"a", "payload" :\n${payload} }`)).toBe(payload);
  });

  it.each([
    ['a name given twice: the last one', '{"payload":{"a":1},"payload":{"a":2}}', '{"a":2}'],
    ['an escaped name', '{"p\\u0061yload":{"a":1}}', '{"a":1}'],
    ['the alias', '{"data":{"a":1}}', '{"a":1}'],
    ['the alias beside null', '{"payload":null,"data":{"a":1}}', '{"a":1}'],
    ['payload before its alias', '{"data":{"a":1},"payload":{}}', '{}'],
    ['brackets and quotes inside texts', '{"x":"}\\"]","payload":{"a":"{[\\\\"}}', '{"a":"{[\\\\"}'],
    ['a deeper member of the name is not it', '{"x":{"payload":1},"payload":[2 ]}', '[2 ]'],
    ['a scalar', '{"payload":-1.50e+2}', '-1.50e+2'],
  ])('takes %s', (_, request, expected) => {
    expect(rawPayloadOf(request)).toBe(expected);
  });

  it('is undefined for an object without a payload', () => {
    expect(rawPayloadOf('{}')).toBeUndefined();
    expect(rawPayloadOf(' { "x" : null } ')).toBeUndefined();
  });

  it('is the text of the value that JSON.parse finds, whatever is around it', () => {
    const request = fc.tuple(
      fc.dictionary(fc.string(), fc.jsonValue()),
      fc.jsonValue(),
      fc.constantFrom('', ' ', '\n\t'),
    );
    fc.assert(
      fc.property(request, ([others, payload, space]) => {
        const text = JSON.stringify({ ...others, payload }, null, space);
        expect(JSON.parse(rawPayloadOf(text) ?? 'missing')).toEqual(JSON.parse(JSON.stringify(payload)));
      }),
      { seed: 1 },
    );
  });
});
