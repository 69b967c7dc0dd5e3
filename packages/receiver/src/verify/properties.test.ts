import { createHmac, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import * as fc from 'fast-check';
import { WebhookError } from '../webhook-error.ts';
import type { HeadersLike } from './headers.ts';
import { verify } from './verify.ts';

const timestamp = 1_700_000_000;
/** So that every time that a changed digit makes is near enough, and the signature alone decides. */
const options = { now: () => timestamp * 1_000, toleranceSeconds: 1e12 };

interface Signed {
  readonly id: string;
  readonly time: string;
  readonly body: Buffer;
  readonly key: Buffer;
}

type Kind = 'shared' | 'public';
const prefixes = { shared: 'whsec_', public: 'whpk_' } as const;

/** Signs as the specification says, without any code of this repository. */
const signers: Readonly<Record<Kind, (content: Buffer, key: Buffer, privateKey: KeyObject) => string>> = {
  shared: (content, key) => `v1,${createHmac('sha256', key).update(content).digest('base64')}`,
  public: (content, _key, privateKey) => `v1a,${sign(null, content, privateKey).toString('base64')}`,
};

const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const publicBytes = Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url');

const codeOf = ({ id, time, body, key }: Signed, kind: Kind, signature: string): string => {
  const headers = { 'webhook-id': id, 'webhook-timestamp': time, 'webhook-signature': signature };
  try {
    verify(body, headers, prefixes[kind] + key.toString('base64'), options);
    return 'accepted';
  } catch (error) {
    if (error instanceof WebhookError) return error.code;
    throw error;
  }
};

const anId = fc.stringMatching(/^[!-+\-/-~]{1,40}$/);
const aBody = fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes));
const aKey = fc.uint8Array({ minLength: 24, maxLength: 75 }).map((bytes) => Buffer.from(bytes));
const aTime = fc.integer({ min: 0, max: 999_999_999_999 }).map(String);
/** Where to change, and by which bits. */
const aChange = fc.record({ at: fc.nat(), bits: fc.integer({ min: 1, max: 255 }) });
type Change = typeof aChange extends fc.Arbitrary<infer T> ? T : never;

function changeByte(bytes: Buffer, { at, bits }: Change): Buffer {
  const changed = Buffer.from(bytes);
  const index = at % changed.length;
  changed[index] = (changed[index] ?? 0) ^ bits;
  return changed;
}

const changeText = (text: string, change: Change) => changeByte(Buffer.from(text, 'latin1'), change).toString('latin1');

describe.each(['shared', 'public'] as const)('a message signed with a %s key', (kind) => {
  const sign = (signed: Signed) =>
    signers[kind](Buffer.concat([Buffer.from(`${signed.id}.${signed.time}.`), signed.body]), signed.key, privateKey);
  const aSigned = fc.record({
    id: anId,
    time: aTime,
    body: aBody,
    key: kind === 'shared' ? aKey : fc.constant(publicBytes),
  });

  it('is accepted, whatever its bytes are', () => {
    fc.assert(fc.property(aSigned, (signed) => expect(codeOf(signed, kind, sign(signed))).toBe('accepted')));
  });

  it('is refused if any byte of its body, id, time or key was changed', () => {
    const part = fc.constantFrom('body', 'id', 'time', 'key');
    fc.assert(
      fc.property(aSigned, part, aChange, (signed, changedPart, change) => {
        fc.pre(signed[changedPart].length > 0);
        const changed =
          changedPart === 'body' || changedPart === 'key'
            ? { ...signed, [changedPart]: changeByte(signed[changedPart], change) }
            : { ...signed, [changedPart]: changeText(signed[changedPart], change) };
        expect(codeOf(changed, kind, sign(signed))).not.toBe('accepted');
      }),
      { numRuns: 1_000 },
    );
  });

  it('is refused if bytes moved from one part to the next, were added or are missing', () => {
    fc.assert(
      fc.property(aSigned, fc.uint8Array({ minLength: 1, maxLength: 9 }), (signed, bytes) => {
        const signature = sign(signed);
        const longer = Buffer.concat([signed.body, bytes]);
        expect(codeOf({ ...signed, body: longer }, kind, signature)).toBe('signature_mismatch');
        expect(codeOf(signed, kind, sign({ ...signed, body: longer }))).toBe('signature_mismatch');
        const moved = { ...signed, id: `${signed.id}.${signed.time}`, time: '1' };
        expect(codeOf(moved, kind, sign({ ...signed, body: Buffer.from(`1.${signed.body}`) }))).toBe('id_invalid');
      }),
    );
  });
});

it('never throws anything else, whatever the headers are', () => {
  const aText = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('v1,', 'v1a,', 'v1,AAAA', '1700000000', ''));
  const aValue = fc.oneof(aText, fc.array(aText, { maxLength: 3 }), fc.anything());
  const signed = fc.record({ 'webhook-id': aValue, 'webhook-timestamp': aValue, 'webhook-signature': aValue });
  const headers = fc.oneof(signed, signed.map(Object.entries), fc.anything()) as fc.Arbitrary<HeadersLike>;
  const keys = [`whsec_${Buffer.alloc(24, 1).toString('base64')}`, `whpk_${publicBytes.toString('base64')}`];
  fc.assert(
    fc.property(headers, aBody, (given, body) => {
      expect(() => verify(body, given, keys, options)).toThrow(WebhookError);
    }),
  );
});
