import { explainMismatch, type SignedRequest } from './explain-mismatch.ts';
import { signBytes } from './sign-bytes.ts';

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const asText = `whsec_${Buffer.from(secret.slice('whsec_'.length)).toString('base64')}`;
const signed: SignedRequest = { id: 'msg_1', timestamp: '1700000000', body: Buffer.from('{"a":1}') };

const signatureOf = ({ id, timestamp, body }: SignedRequest, key = secret) =>
  signBytes({ id, timestamp: Number(timestamp), body }, key);

/** Explains a request whose signature was made for another one. */
function explain(request: Partial<SignedRequest>, original: Partial<SignedRequest> = {}, signedWith = secret) {
  const signature = signatureOf({ ...signed, ...original }, signedWith);
  return explainMismatch(
    { ...signed, ...request },
    {
      fits: (tried) => signatureOf(tried) === signature,
      fitsTextOfKey: (tried) => signatureOf(tried, asText) === signature,
      otherIds: ['msg_2'],
    },
  );
}

const body = (text: string) => ({ body: Buffer.from(text) });

it.each([
  ['{"a":1}', '{"a":1}\n', 'ends with a line break (LF)'],
  ['{"a":1}\n', '{"a":1}', 'has no line break at its end'],
  ['{\n"a":1\n}', '{\r\n"a":1\r\n}', 'has line breaks CRLF, not LF'],
  ['{\r\n"a":1\r\n}', '{\n"a":1\n}', 'has line breaks LF, not CRLF'],
  ['{"a":[1,{}]}', '{\n  "a": [\n    1,\n    {}\n  ]\n}', 'is indented by two spaces'],
  [
    '{"a":[1,{}]}',
    '{\n    "a": [\n        1,\n        {}\n    ]\n}\n',
    'is indented by four spaces, and ends with a line break',
  ],
  ['{\n  "a": 1\n}', '{"a":1}', 'has no white space between its parts'],
  ['{"a":1,"b":[2,3]}', '{"a": 1, "b": [2, 3]}', 'has a space after each comma and colon'],
  [
    '{"a":"é🦄"}',
    '{"a":"\\u00e9\\ud83e\\udd84"}',
    'has no white space between its parts, and escapes what is not ASCII',
  ],
  ['{"a":"\\u00e9"}', '{"a":"é"}', 'has no white space between its parts, and does not escape what is not ASCII'],
  ['{"a":"x/y"}', '{"a":"x\\/y"}', 'has no white space between its parts, and escapes each slash'],
  ['\ufeff{"a":1}', '{"a":1}', 'has no byte order mark'],
  ['"{\\"a\\":1}"', '{"a":1}', 'is the text inside this JSON string: it was encoded twice'],
  ['eyJhIjoxfQ==', '{"a":1}', 'is what this base64 decodes to'],
  ['{"a":"Ã©"}', '{"a":"é"}', 'is UTF-8 that was read as Latin-1'],
])('says that the signed body of %j %s', (received, original, difference) => {
  expect(explain(body(received), body(original))).toEqual({
    code: 'body_changed',
    text: `The body has changed after it was signed: the signed one ${difference}`,
  });
});

it('says that the body is empty', () => expect(explain(body('')).code).toBe('body_empty'));

it('names the time that was signed', () => {
  expect(explain({ timestamp: '1700000300' })).toEqual({
    code: 'time_changed',
    text: 'The time has changed after it was signed: the signed one is 1700000000',
  });
});

it('tries no other times for a long body: each try signs the whole of it', () => {
  let tries = 0;
  const count = () => {
    tries += 1;
    return false;
  };
  const check = (length: number) => {
    tries = 0;
    const checks = { fits: count, fitsTextOfKey: count, otherIds: [] };
    return explainMismatch({ ...signed, body: Buffer.alloc(length, 'a') }, checks);
  };
  expect(check(256 * 1024).text).toBe('It was signed with another key, or the body or the id has changed');
  expect(tries).toBeGreaterThan(1_800);
  expect(check(256 * 1024 + 1).text).toContain('or the body, the id or the time');
  expect(tries).toBeLessThan(100);
});

it('names the id that was signed, if another header has it', () => {
  expect(explain({ id: 'msg_9' }, { id: 'msg_2' })).toMatchObject({ code: 'id_changed' });
});

it('says that the sender did not decode the secret', () => {
  expect(explain({}, {}, asText)).toMatchObject({ code: 'key_not_decoded' });
});

it('knows no other cause', () => {
  expect(explain(body('{"a":2}')).code).toBe('unknown');
  expect(explain({}, {}, `whsec_${Buffer.alloc(32, 9).toString('base64')}`).code).toBe('unknown');
});
