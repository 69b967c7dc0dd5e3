import * as fc from 'fast-check';
import { readPollAnswer, UnreadableAnswer } from './read-poll-answer.ts';

const head = { id: 'msg_1', eventId: null, eventType: 'a', channels: null, tags: null, headers: null };
const end = { timestamp: '2026-01-31T12:00:00.000Z', deliverAt: null };

/** A message as the server writes it. */
const messageText = (payload: string, more: object = {}) =>
  `${JSON.stringify({ ...head, ...end, ...more }).slice(0, -1)},"payload":${payload}}`;
const answerText = (...messages: readonly string[]) => `{"data":[${messages.join(',')}],"iterator":"i","done":false}`;
const bodiesOf = (...messages: readonly string[]) =>
  readPollAnswer(answerText(...messages)).messages.map((it) => it.body);

const space = fc.stringMatching(/^[ \n\r\t]{0,3}$/);
/** Texts of JSON in any form: white space anywhere, numbers that JavaScript cannot hold, names twice, any escapes. */
const { object } = fc.letrec<{ value: string; object: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom('null', 'true', '1e400', '-0.0', '1.10', '12345678901234567890', '"\\u0041\\/\\ud83d\\ude00"'),
    fc.string({ unit: 'grapheme' }).map((text) => JSON.stringify(text)),
    fc
      .tuple(space, fc.array(tie('value'), { maxLength: 3 }))
      .map(([gap, items]) => `[${gap}${items.join(`${gap},`)}${gap}]`),
    tie('object'),
  ),
  object: fc
    .tuple(
      space,
      fc.array(fc.tuple(fc.constantFrom('"a"', '"a"', '"data"', '"payload"', '"é"'), tie('value')), { maxLength: 3 }),
    )
    .map(
      ([gap, members]) => `{${gap}${members.map(([name, value]) => `${name}${gap}:${value}`).join(`${gap},`)}${gap}}`,
    ),
}));

describe('the body of a polled message', () => {
  it('is the text that was sent, whatever JSON it is', () => {
    fc.assert(
      fc.property(fc.array(object, { maxLength: 4 }), (payloads) => {
        expect(bodiesOf(...payloads.map((payload) => messageText(payload)))).toEqual(payloads);
      }),
    );
  });

  it('has the white space around a raw payload that is a JSON object', () => {
    fc.assert(
      fc.property(space, object, space, (before, payload, after) => {
        const body = `${before}${payload}${after}`;
        expect(bodiesOf(messageText(body), messageText('{}'))).toEqual([body, '{}']);
      }),
    );
  });

  it('is the text of a raw payload in base64', () => {
    const headers = { 'content-type': 'text/plain', 'content-transfer-encoding': 'base64' };
    const text = `"${Buffer.from('é\u0001').toString('base64')}"`;
    expect(bodiesOf(messageText(text, { headers }))).toEqual(['é\u0001']);
  });

  it('is the text of a raw payload', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(bodiesOf(messageText(JSON.stringify(text)))).toEqual([text]);
      }),
    );
  });
});

it('has the content type of a raw payload, and that of JSON otherwise', () => {
  const texts = [messageText('{}'), messageText('"a"', { headers: { 'content-type': 'text/plain; charset=utf-8' } })];
  expect(readPollAnswer(answerText(...texts)).messages.map((it) => it.contentType)).toEqual([
    'application/json',
    'text/plain; charset=utf-8',
  ]);
});

it('has all else that is needed of a message', () => {
  const text = messageText('{}', { channels: ['eu'], deliverAt: '2026-02-01T00:00:00.000Z' });
  expect(readPollAnswer(answerText(text))).toEqual({
    iterator: 'i',
    done: false,
    messages: [
      {
        ...{ id: 'msg_1', eventType: 'a', channels: ['eu'], contentType: 'application/json', body: '{}' },
        acceptedAt: new Date('2026-01-31T12:00:00Z'),
        deliverAt: new Date('2026-02-01T00:00:00Z'),
      },
    ],
  });
});

it.each([
  '',
  '<html>',
  '[]',
  '{}',
  '{"data":[],"iterator":1,"done":true}',
  answerText('1'),
  answerText('{"id":"a"}'),
  '{"data":[',
])('does not take %j for an answer of a poll', (text) => expect(() => readPollAnswer(text)).toThrow(UnreadableAnswer));
