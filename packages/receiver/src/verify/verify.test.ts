import { createHmac } from 'node:crypto';
import { inspect } from 'node:util';
import { signedRequest } from '../testing/signed-request.ts';
import { WebhookError } from '../webhook-error.ts';
import type { HeadersLike } from './headers.ts';
import { verify } from './verify.ts';

const shared = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const otherShared = 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD';
const pair = 'whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlX0dRqSKJp4AJ6p9lMicMFs6Kvg==';
const publicKey = 'whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4=';
const timestamp = 1_700_000_000;
const now = () => timestamp * 1_000;

const { headers: sent, body } = signedRequest({ secrets: [shared], timestamp });
const headers = {
  'webhook-id': 'msg_1',
  'webhook-timestamp': String(timestamp),
  'webhook-signature': String(sent['webhook-signature']),
};
const signature = headers['webhook-signature'];
const padding = (length: number) => Array<string>(length).fill(`v1,${Buffer.alloc(32).toString('base64')}`);

/** 'accepted', or the code of the refusal. */
function outcomeOf(given: HeadersLike, keys: string | readonly string[] = shared, at = now): string {
  try {
    verify(body, given, keys, { now: at });
    return 'accepted';
  } catch (error) {
    if (error instanceof WebhookError) return error.code;
    throw error;
  }
}

describe('the headers of a message', () => {
  it.each<readonly [string, HeadersLike, string]>([
    ['of Node', headers, 'accepted'],
    ['as Posthorn sends them, under both names', sent, 'accepted'],
    ['of Fetch', new Headers(headers), 'accepted'],
    ['as pairs', Object.entries(headers), 'accepted'],
    ['as a map', new Map(Object.entries(headers)), 'accepted'],
    ['in capitals', Object.fromEntries(Object.entries(headers).map(([k, v]) => [k.toUpperCase(), v])), 'accepted'],
    ['as lists of one', Object.fromEntries(Object.entries(headers).map(([k, v]) => [k, [v]])), 'accepted'],
    [
      'named svix',
      { 'svix-id': 'msg_1', 'svix-timestamp': String(timestamp), 'svix-signature': signature },
      'accepted',
    ],
    [
      'of both names mixed',
      { 'webhook-id': 'msg_1', 'svix-timestamp': String(timestamp), 'svix-signature': signature },
      'header_missing',
    ],
    ['of none', {}, 'header_missing'],
    ['that are undefined', undefined as unknown as HeadersLike, 'header_missing'],
    ['that are null', null as unknown as HeadersLike, 'header_missing'],
    ['that are a text', 'webhook-id: msg_1' as unknown as HeadersLike, 'header_missing'],
    ['as one flat list', Object.entries(headers).flat() as unknown as HeadersLike, 'header_missing'],
    ['with null', { ...headers, 'webhook-id': null } as unknown as HeadersLike, 'header_missing'],
    ['with a number', { ...headers, 'webhook-timestamp': timestamp } as unknown as HeadersLike, 'header_missing'],
    ['with numbers elsewhere', { ...headers, 'content-length': 7 } as unknown as HeadersLike, 'accepted'],
    ['that are absent in part', { ...headers, 'webhook-timestamp': undefined }, 'header_missing'],
    ['that are empty', { ...headers, 'webhook-signature': '' }, 'header_missing'],
    ['as an empty list', { ...headers, 'webhook-id': [] }, 'header_missing'],
    ['in two cases', { ...headers, 'Webhook-Id': 'msg_1' }, 'header_repeated'],
    ['as lists of two', { ...headers, 'webhook-id': ['msg_1', 'msg_1'] }, 'header_repeated'],
    ['twice as pairs', [...Object.entries(headers), ['Webhook-Timestamp', String(timestamp)]], 'header_repeated'],
    ['whose id was joined by Node', { ...headers, 'webhook-id': 'msg_1, msg_1' }, 'header_repeated'],
    ['whose time was joined', { ...headers, 'webhook-timestamp': `${timestamp}, ${timestamp}` }, 'header_repeated'],
    [
      'whose signature was joined',
      { ...headers, 'webhook-signature': `${signature}, ${signature}` },
      'header_repeated',
    ],
    [
      'whose signature was joined without a space',
      { ...headers, 'webhook-signature': `${signature},${signature}` },
      'header_repeated',
    ],
  ])('%s', (_, given, outcome) => {
    expect(outcomeOf(given)).toBe(outcome);
  });

  it.each(['a.b', 'a b', 'a\n', 'a\u0000', 'ä', '\u{1F600}', ' a', 'a'.repeat(257)])('refuses the id %j', (id) => {
    expect(outcomeOf({ ...headers, 'webhook-id': id })).toBe('id_invalid');
  });

  it.each(['-_~!*()/\\:;<>"\'', 'a'.repeat(256), '__proto__'])('accepts the id %j', (id) => {
    const request = signedRequest({ id, secrets: [shared], timestamp });
    expect(verify(request.body, request.headers, shared, { now }).id).toBe(id);
  });
});

describe('the time of a message', () => {
  it.each([
    '1700000000abc',
    '1700000000.0',
    '1.7e9',
    '+1700000000',
    '-1700000000',
    '01700000000',
    ' 1700000000',
    '0x6553f100',
    '1700000000000000000000',
    '١٧٠٠٠٠٠٠٠٠',
    'NaN',
    'Infinity',
  ])('is refused as %j', (text) => {
    expect(outcomeOf({ ...headers, 'webhook-timestamp': text })).toBe('timestamp_invalid');
  });

  it.each([
    [300_999, 'accepted'],
    [301_000, 'timestamp_too_old'],
    [-300_000, 'accepted'],
    [-300_001, 'timestamp_too_new'],
  ])('%d ms ago is %s', (age, outcome) => {
    expect(outcomeOf(headers, shared, () => now() + age)).toBe(outcome);
  });

  it('may be as far away as the receiver says', () => {
    const later = () => now() + 11_000;
    expect(() => verify(body, headers, shared, { toleranceSeconds: 10, now: later })).toThrow('11 s old');
    expect(verify(body, headers, shared, { toleranceSeconds: 11, now: later }).id).toBe('msg_1');
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, '1' as unknown as number])('is not compared with %p', (wrong) => {
    expect(() => verify(body, headers, shared, { now: () => wrong })).toThrow(RangeError);
  });

  it.each([Number.NaN, -1, Number.POSITIVE_INFINITY, '5' as unknown as number])(
    'refuses a tolerance of %p',
    (seconds) => {
      expect(() => verify(body, headers, shared, { toleranceSeconds: seconds, now })).toThrow(RangeError);
    },
  );
});

describe('the signatures of a message', () => {
  const outcomeOfSignature = (text: string, keys?: string | readonly string[]) =>
    outcomeOf({ ...headers, 'webhook-signature': text }, keys);

  it.each([
    ['one of twenty', [...padding(19), signature].join(' '), 'accepted'],
    ['one of 21', [...padding(20), signature].join(' '), 'too_many_signatures'],
    ['beside one of a later version', `v2,AAAA ${signature}`, 'accepted'],
    ['beside one that is none', `v1 ${signature} v1,=`, 'accepted'],
    ['of a later version only', 'v2,AAAA', 'no_usable_signature'],
    ['of another key', padding(1).join(''), 'signature_mismatch'],
    ['without its version', signature.slice('v1,'.length), 'signature_malformed'],
    ['without its padding', signature.slice(0, -1), 'signature_malformed'],
    ['in base64url', signature.replaceAll('+', '-').replaceAll('/', '_').replace('=', ''), 'signature_malformed'],
    ['cut short', `v1,${Buffer.alloc(31).toString('base64')}`, 'signature_malformed'],
    ['in capitals', signature.replace('v1', 'V1'), 'no_usable_signature'],
  ])('%s', (_, text, outcome) => {
    expect(outcomeOfSignature(text)).toBe(outcome);
  });

  it('are checked by the kind of the key, whatever the message says', () => {
    const asymmetric = signedRequest({ secrets: [pair], timestamp });
    const both = signedRequest({ secrets: [shared, pair], timestamp });
    expect(outcomeOf(asymmetric.headers, publicKey)).toBe('accepted');
    expect(outcomeOf(asymmetric.headers, shared)).toBe('no_usable_signature');
    expect(outcomeOf(headers, publicKey)).toBe('no_usable_signature');
    for (const keys of [shared, publicKey, [otherShared, publicKey], [shared, otherShared]])
      expect(outcomeOf(both.headers, keys)).toBe('accepted');
    expect(outcomeOf(both.headers, otherShared)).toBe('signature_mismatch');
  });

  it('made with a public key as a shared secret are refused', () => {
    // Who knows the public key can make this one.
    const asSecret = publicKey.replace('whpk_', 'whsec_');
    const forged = signedRequest({ secrets: [asSecret], timestamp });
    expect(outcomeOf(forged.headers, asSecret)).toBe('accepted');
    expect(outcomeOf(forged.headers, publicKey)).toBe('no_usable_signature');
    const renamed = {
      ...headers,
      'webhook-signature': String(forged.headers['webhook-signature']).replace('v1', 'v1a'),
    };
    expect(outcomeOf(renamed, publicKey)).toBe('signature_malformed');
  });
});

describe('the keys of a receiver', () => {
  it.each([
    ['none', []],
    ['an empty text', ''],
    ['undefined, as from the environment', undefined],
    ['undefined in a list', [shared, undefined]],
    ['one without a prefix', 'MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'],
    ['one that is too short', `whsec_${Buffer.alloc(23, 1).toString('base64')}`],
    ['one that is too long', `whsec_${Buffer.alloc(76, 1).toString('base64')}`],
    ['one without padding', `whsec_${Buffer.alloc(25, 1).toString('base64').slice(0, -2)}`],
    ['one with a line break', `${shared}\n`],
    ['a private one', pair],
    ['a public one cut short', publicKey.replace('1SiA', '')],
    ['a wrong one behind a right one', [shared, 'whsec_!']],
  ])('are refused at once and not repeated: %s', (_, keys) => {
    const error = (() => {
      try {
        return verify(body, headers, keys, { now });
      } catch (thrown) {
        return thrown;
      }
    })();
    expect(error).toMatchObject({ code: 'key_invalid', status: 500 });
    for (const key of [keys].flat()) if (key) expect(inspect(error)).not.toContain(key.slice(key.indexOf('_') + 1));
  });
});

describe('a verified message', () => {
  const bodyOf = (text: string | Buffer) => {
    const bytes = Buffer.from(text);
    return { bytes, message: messageOf(bytes) };
  };

  /** For bytes that need not be text. */
  function requestOf(bytes: Buffer): Parameters<typeof verify> {
    const key = Buffer.from(shared.slice('whsec_'.length), 'base64');
    const hmac = createHmac('sha256', key).update(`msg_1.${timestamp}.`).update(bytes);
    return [bytes, { ...headers, 'webhook-signature': `v1,${hmac.digest('base64')}` }, shared, { now }];
  }

  function messageOf(bytes: Buffer) {
    const request = signedRequest({ body: bytes.toString(), secrets: [shared], timestamp });
    return verify(request.body, request.headers, shared, { now });
  }

  it('has the bytes, the text, and the value on demand', () => {
    const { bytes, message } = bodyOf(' {"a":"ä"}\n');
    expect(message.body).toEqual(bytes);
    expect(message.text()).toBe(' {"a":"ä"}\n');
    expect(message.json()).toEqual({ a: 'ä' });
  });

  it('loses the end of big numbers unless a reviver keeps them', () => {
    const { message } = bodyOf('{"id":12345678901234567890,"name":"n","half":0.5}');
    expect(message.json()).toEqual({ id: 12_345_678_901_234_567_000, name: 'n', half: 0.5 });
    const exact = message.json((_key, value, context) =>
      typeof value === 'number' && !Number.isSafeInteger(value) && /^-?\d+$/.test(context?.source ?? '')
        ? BigInt(context?.source ?? '')
        : value,
    );
    expect(exact).toEqual({ id: 12_345_678_901_234_567_890n, name: 'n', half: 0.5 });
  });

  it('can be read as its documentation shows', () => {
    const { message } = bodyOf('{"a":12345678901234567890,"b":1e2,"c":1.0,"d":"5"}');
    const value = message.json((_key, value, context) =>
      typeof value === 'number' && /^-?\d+$/.test(context?.source ?? '') ? BigInt(context?.source ?? '') : value,
    );
    // Node.js 20 gives no source: there the numbers stay what they are.
    expect(value).toEqual({ a: 12_345_678_901_234_567_890n, b: 100, c: 1, d: '5' });
  });

  it.each(['no json', '', '{"a":1}}', '{"secret-of-a-customer":tru}'])('is no JSON: %j', (text) => {
    const { message } = bodyOf(text);
    expect(() => message.json()).toThrow(expect.objectContaining({ code: 'body_not_json', status: 400 }));
    expect(() => message.json()).toThrow(/^The body is not JSON(\.|: see position \d+\.)$/);
  });

  it('tells where its body is no JSON, and nothing of the body', () => {
    const secret = 'card number 4111-1111';
    const texts = [secret, `{"card":"${secret}"]`, `{"card": ${secret}}`, `["${secret}" at position 5]`];
    const errors = [...texts, Buffer.concat([Buffer.from(secret), Buffer.of(0xff)])].map((text) => {
      try {
        return verify(...requestOf(Buffer.from(text))).json();
      } catch (error) {
        return inspect(error, { showHidden: true, depth: null });
      }
    });
    expect(errors[1]).toContain('see position 31');
    for (const error of errors) expect(error).not.toMatch(/card|4111/);
  });

  it('gives back what a reviver throws', () => {
    const { message } = bodyOf('{"a":1}');
    const thrown = new SyntaxError('of the reviver');
    const reviver = () => {
      throw thrown;
    };
    expect(() => message.json(reviver)).toThrow(thrown);
    expect(() => bodyOf('{"a":1').message.json(reviver)).toThrow(expect.objectContaining({ code: 'body_not_json' }));
  });

  it('keeps a byte order mark in its text, and reads JSON behind it', () => {
    const { message } = bodyOf('\uFEFF{"a":1}');
    expect(message.text()).toBe('\uFEFF{"a":1}');
    expect(message.json()).toEqual({ a: 1 });
  });

  it('is verified with a part of a larger buffer, and needs bytes', () => {
    const large = Buffer.concat([Buffer.from('xx'), body, Buffer.from('yy')]);
    const part = new Uint8Array(large.buffer, large.byteOffset + 2, body.length);
    expect(verify(part, headers, shared, { now }).body).toEqual(body);
    for (const parsed of [{ a: 1 }, body.toString(), undefined, [...body]])
      expect(() => verify(parsed as unknown as Uint8Array, headers, shared, { now })).toThrow(
        expect.objectContaining({ code: 'body_not_raw' }),
      );
  });
});
