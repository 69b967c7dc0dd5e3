import { startOfTests } from '@posthorn/testing';
import * as fc from 'fast-check';
import { readMessage } from './read-message.ts';
import { scanRequest } from './scan-request.ts';

const members = (count: number) => `{${Array.from({ length: count }, (_, n) => `"${n.toString(36)}":0`).join(',')}}`;
const brackets = `${'['.repeat(400_000)}${']'.repeat(400_000)}`;

/** How many characters are given to `JSON.parse` while a message is read. */
function parsedWhile(read: () => unknown): number {
  const { parse } = JSON;
  let parsed = 0;
  JSON.parse = (text, reviver) => {
    parsed += text.length;
    return parse(text, reviver);
  };
  try {
    read();
    return parsed;
  } finally {
    JSON.parse = parse;
  }
}

describe('reading a request to send a message', () => {
  it.each([
    ['110,000 members', `{"eventType":"a","payload":${members(110_000)}}`],
    ['110,000 members in a member', `{"eventType":"a","payload":{"a":${members(110_000)}}}`],
    ['400,000 brackets', `{"eventType":"a","payload":{"a":${brackets}}}`],
    ['110,000 unknown members beside it', `${members(110_000).slice(0, -1)},"eventType":"a","payload":{}}`],
    ['the payload twice', `{"eventType":"a","payload":${members(50_000)},"payload":${members(50_000)}}`],
    ['a payload that is no object', `{"eventType":"a","payload":${brackets}}`],
    ['a request that is no object', brackets],
  ])('parses no more than the known members: %s', (_, text) => {
    const read = () => {
      try {
        readMessage(text, startOfTests);
      } catch (error) {
        expect(error).toMatchObject({ name: 'ValidationError' });
      }
    };
    expect(parsedWhile(read)).toBeLessThan(10);
  });

  it.each(['application', 'channels', 'tags', 'transformationsParams'])(
    'refuses a hundred thousand parts in %s',
    (name) => {
      const text = `{"eventType":"a","payload":{},"${name}":${members(110_000)}}`;
      const parsed = parsedWhile(() => {
        const issue = expect.objectContaining({ loc: ['body', name], msg: expect.stringContaining('at most 20000') });
        expect(() => readMessage(text, startOfTests)).toThrow(expect.objectContaining({ issues: [issue] }));
      });
      expect(parsed).toBeLessThan(10);
    },
  );

  it.each([
    '"application":{"name":"a","uid":"a","metadata":{"__proto__":"b"}}',
    '"application":{"name":"a","uid":"a","metadata":{"\\u005f_proto__":"b"}}',
    '"application":{"name":"a","uid":"a","__proto__":{"metadata":{}}}',
    '"application":{"name":"a","uid":"a","more":[{"deep":[{"__proto__":null}]}]}',
    '"application":{"name":"a","constructor":{"prototype":{}}}',
    '"tags":["a",{"__proto__":1}]',
    '"channels":{"__proto__":["a"]}',
    '"transformationsParams":{"rawPayload":"a","headers":{"__proto__":"text/plain"}}',
    '"transformationsParams":{"__proto__":{"rawPayload":"a"}}',
    '"deliverAt":{"__proto__":null}',
  ])('refuses a member that could change a prototype: %s', (member) => {
    const issue = expect.objectContaining({ loc: ['body'], msg: expect.stringContaining('__proto__') });
    expect(() => readMessage(`{"eventType":"a","payload":{},${member}}`, startOfTests)).toThrow(
      expect.objectContaining({ issues: [issue] }),
    );
  });

  it('takes such a member in a payload, and its name in a text', () => {
    const payload = '{"__proto__":{"a":1},"constructor":{"prototype":{}}}';
    const text = `{"eventType":"a","payload":${payload},"tags":["\\"__proto__\\":"],"channels":["__proto__"]}`;
    expect(readMessage(text, startOfTests).message).toMatchObject({ body: payload, channels: ['__proto__'] });
  });

  it.each([
    ['{"payload":1,"payload":{"b":2}}', { payload: {} }, { payload: '{"b":2}' }],
    ['{"payload":{"a":1},"payload":null}', { payload: null }, { payload: 'null' }],
    ['{"p\\u0061yload":{"a":1.0}}', { payload: {} }, { payload: '{"a":1.0}' }],
    [' { "data" : [1] , "eventType" : "a" } ', { data: [], eventType: 'a' }, { data: '[1]' }],
    ['{"x":{"payload":1},"__proto__":{"data":1}}', {}, {}],
    ['{"payload":"a","data":-1.5}', { payload: '', data: 0 }, { payload: '"a"', data: '-1.5' }],
    [' [{"payload":{}}]', [], {}],
    ['"a"', '', {}],
    [' null', null, {}],
    ['true', false, {}],
    ['-1', 0, {}],
  ])('reads %s', (text, value, payloads) => {
    const read = scanRequest(text);
    expect(read.value).toEqual(value);
    expect(Object.fromEntries(read.payloads)).toEqual(payloads);
  });

  it.each(['', '{', '{"payload":{"a":1}', '{"payload":{a:1}}', '{"x":01}', '{} x'])(
    'refuses %j: it is not JSON',
    (text) => {
      expect(() => scanRequest(text)).toThrow(
        expect.objectContaining({ issues: [expect.objectContaining({ loc: ['body'] })] }),
      );
    },
  );

  it('parses the known members to the values that JSON.parse gives, and keeps the bytes of the payload', () => {
    const known = fc.record({ eventType: fc.string(), tags: fc.array(fc.string()), application: fc.jsonValue() });
    fc.assert(
      fc.property(known, fc.dictionary(fc.string(), fc.jsonValue()), (request, payload) => {
        const text = JSON.stringify({ other: payload, ...request, payload }, null, 1);
        const { value, payloads } = scanRequest(text);
        expect(value).toEqual({ ...JSON.parse(JSON.stringify(request)), payload: {} });
        expect(text).toContain(`"payload": ${payloads.get('payload')}\n`);
        expect(JSON.parse(payloads.get('payload') ?? '')).toEqual(JSON.parse(JSON.stringify(payload)));
      }),
      { seed: 1 },
    );
  });
});
