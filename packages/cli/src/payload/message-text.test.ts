import { scanMembers, scanValue } from '@posthorn/core/message/json-scan';
import fc from 'fast-check';
import { toMessageText } from './message-text.ts';

const payloadOf = (text: string): string => {
  let payload = '';
  scanMembers(text, 0, (nameStart, nameEnd, start) => {
    const end = scanValue(text, start);
    if (text.slice(nameStart, nameEnd) === '"payload"') payload = text.slice(start, end);
    return end;
  });
  return payload;
};

it('keeps each character of the payload', () => {
  const payload = '{ "big" : 12345678901234567890, "big": 1.0,\n\t"é": "\\u00e9" }';
  const text = toMessageText({ eventType: 'a.b', tags: ['x'] }, payload);
  expect(payloadOf(text)).toBe(payload);
  expect(JSON.parse(text)).toMatchObject({ eventType: 'a.b', tags: ['x'] });
});

it('is JSON that has the payload and all fields', () =>
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.string(), (payload, eventType) => {
      const text = toMessageText({ eventType }, `\n${JSON.stringify(payload, null, 2)}\n`);
      expect(payloadOf(text)).toBe(JSON.stringify(payload, null, 2));
      expect(JSON.parse(text).eventType).toBe(eventType);
    }),
  ));
