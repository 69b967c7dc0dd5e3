import { createHmac } from 'node:crypto';
import * as fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { signedRequest } from '../testing/signed-request.ts';
import { verify } from './verify.ts';

/** `standardwebhooks` has no clock to set, and accepts five minutes. So each test takes the time anew. */
let timestamp: number;
beforeEach(() => {
  timestamp = Math.floor(Date.now() / 1_000);
});
const shared = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const pair = 'whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlX0dRqSKJp4AJ6p9lMicMFs6Kvg==';
const publicKey = 'whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4=';
const webhook = new Webhook(shared);

const outcomeOf = (run: () => unknown): unknown => {
  try {
    return run();
  } catch {
    return 'refused';
  }
};

/** What a sender signs: bytes. */
const signatureOf = (body: Buffer): string => {
  const content = Buffer.concat([Buffer.from(`msg_1.${timestamp}.`), body]);
  const key = Buffer.from(shared.slice('whsec_'.length), 'base64');
  return `v1,${createHmac('sha256', key).update(content).digest('base64')}`;
};

type Headers = Readonly<Record<string, string>>;
const byKit = (body: Buffer, headers: Headers) => outcomeOf(() => verify(body, headers, shared).json());
const byStandard = (body: string, headers: Headers) => outcomeOf(() => webhook.verify(body, { ...headers }));

it('agrees on messages with a JSON body, changed or not, under both names', () => {
  const aSignature = fc.constantFrom('right', 'none', 'other', 'doubled');
  const changes = fc.record({ body: fc.boolean(), id: fc.boolean(), time: fc.boolean(), signature: aSignature });
  const family = fc.constantFrom('webhook', 'svix');
  fc.assert(
    fc.property(fc.json(), changes, family, (body, changed, name) => {
      const request = signedRequest({ body, secrets: [shared], timestamp });
      const signature = String(request.headers['webhook-signature']);
      const signatures = {
        right: signature,
        none: 'v1,',
        other: `v1,${'A'.repeat(43)}=`,
        doubled: `v2,AA ${signature}`,
      };
      const headers = {
        [`${name}-id`]: changed.id ? 'msg_2' : 'msg_1',
        [`${name}-timestamp`]: String(timestamp + (changed.time ? 1 : 0)),
        [`${name}-signature`]: signatures[changed.signature],
      };
      // It knows one family of names only.
      const standard = Object.fromEntries(Object.entries(headers).map(([k, v]) => [k.replace('svix', 'webhook'), v]));
      const sent = changed.body ? `${body} ` : body;
      expect(byKit(Buffer.from(sent), headers)).toEqual(byStandard(sent, standard));
    }),
  );
});

describe('where standardwebhooks 1.1.1 is wrong, the kit is right:', () => {
  it('signatures of public keys', () => {
    const { body, headers } = signedRequest({ secrets: [pair], timestamp });
    expect(verify(body, headers, publicKey).json()).toEqual({ a: 1 });
    expect(outcomeOf(() => new Webhook(publicKey).verify(body.toString(), { ...headers }))).toBe('refused');
  });

  it('a time with letters behind it', () => {
    const { body, headers } = signedRequest({ secrets: [shared], timestamp });
    const lettered = { ...headers, 'webhook-timestamp': `${timestamp}abc` };
    expect(byStandard(body.toString(), lettered)).toEqual({ a: 1 });
    expect(() => verify(body, lettered, shared)).toThrow(expect.objectContaining({ code: 'timestamp_invalid' }));
  });

  it('a body in a Uint8Array', () => {
    const { body, headers } = signedRequest({ secrets: [shared], timestamp });
    const bytes = new Uint8Array(body);
    expect(verify(bytes, headers, shared).json()).toEqual({ a: 1 });
    expect(outcomeOf(() => webhook.verify(bytes as unknown as Buffer, { ...headers }))).toBe('refused');
  });

  it('bytes that are not UTF-8', () => {
    const body = Buffer.from([0x22, 0xff, 0x22]);
    const headers = {
      'webhook-id': 'msg_1',
      'webhook-timestamp': String(timestamp),
      'webhook-signature': signatureOf(body),
    };
    expect(verify(body, headers, shared).body).toEqual(body);
    expect(outcomeOf(() => webhook.verify(body, headers))).toBe('refused');
  });

  it('a body that is not JSON', () => {
    const { body, headers } = signedRequest({ body: 'order=1', secrets: [shared], timestamp });
    expect(verify(body, headers, shared).text()).toBe('order=1');
    expect(() => webhook.verify(body, { ...headers })).toThrow(SyntaxError);
  });

  it('big numbers, which it cannot return', () => {
    const { body, headers } = signedRequest({ body: '12345678901234567890', secrets: [shared], timestamp });
    expect(String(webhook.verify(body, { ...headers }))).toBe('12345678901234567000');
    expect(verify(body, headers, shared).text()).toBe('12345678901234567890');
  });
});
