import { readHeaders } from './read-headers.ts';

const expected = [
  ['webhook-id', 'msg_1'],
  ['webhook-signature', 'v1,a= v1a,b='],
];

it.each([
  'webhook-id: msg_1\nwebhook-signature: v1,a= v1a,b=\n',
  'POST /in HTTP/1.1\r\nwebhook-id:msg_1\r\nwebhook-signature:   v1,a= v1a,b=  \r\n\r\n{"a":1}',
  '> POST / HTTP/1.1\n> webhook-id: msg_1\n> webhook-signature: v1,a= v1a,b=\n>\n',
  '{"webhook-id": "msg_1", "webhook-signature": ["v1,a= v1a,b="], "n": null}',
])('reads headers of %j', (text) => expect(readHeaders(text)).toEqual(expected));

it('keeps a header that came twice', () => {
  expect(readHeaders('Webhook-Id: a\nwebhook-id: b')).toEqual([
    ['Webhook-Id', 'a'],
    ['webhook-id', 'b'],
  ]);
});

it.each(['', 'POST / HTTP/1.1', '{', '[]'])('finds none in %j', (text) => expect(readHeaders(text)).toBeUndefined());
