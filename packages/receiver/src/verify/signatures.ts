import { WebhookError } from '../webhook-error.ts';
import type { SignatureVersion, VerifyingKey } from './keys.ts';

/** A sender signs once for each of its keys. More signatures than this are no rotation, and each costs time to check. */
const maxSignatures = 20;
const signatureBytes: Readonly<Record<SignatureVersion, number>> = { v1: 32, v1a: 64 };

interface Signature {
  readonly version: string;
  /** Absent if the text is not a signature of its version. */
  readonly bytes: Buffer | undefined;
}

/**
 * Checks that one of the signatures fits one of the keys.
 *
 * @param signature - the header: `v1,…` and `v1a,…`, separated by spaces. Other versions are passed over.
 * @throws WebhookError `too_many_signatures`, `signature_malformed`, `no_usable_signature`, `signature_mismatch`
 */
export function checkSignatures({
  keys,
  signature,
  content,
}: {
  readonly keys: readonly VerifyingKey[];
  readonly signature: string;
  readonly content: Buffer;
}): void {
  const signatures = readSignatures(signature);
  for (const key of keys) {
    const candidates = signatures.flatMap(({ version, bytes }) => (version === key.version && bytes ? [bytes] : []));
    if (candidates.length > 0 && candidates.some(key.checkOf(content))) return;
  }
  throw explainRefusal(signatures, keys);
}

function readSignatures(header: string): readonly Signature[] {
  const texts = header.split(' ');
  if (texts.length > maxSignatures)
    throw new WebhookError('too_many_signatures', `The message has more than ${maxSignatures} signatures.`);
  return texts.map((text) => {
    const [version = '', base64 = '', ...others] = text.split(',');
    return { version, bytes: others.length === 0 ? decode(version, base64) : undefined };
  });
}

function decode(version: string, base64: string): Buffer | undefined {
  const bytes = Buffer.from(base64, 'base64');
  const isWhole = base64 !== '' && bytes.toString('base64') === base64;
  const expected = isKnown(version) ? signatureBytes[version] : bytes.length;
  return isWhole && bytes.length === expected ? bytes : undefined;
}

const isKnown = (version: string): version is SignatureVersion => Object.hasOwn(signatureBytes, version);

function explainRefusal(signatures: readonly Signature[], keys: readonly VerifyingKey[]): WebhookError {
  const whole = signatures.filter(({ bytes }) => bytes !== undefined);
  if (whole.length === 0)
    return new WebhookError('signature_malformed', 'The signature is not v1 or v1a, a comma, and padded base64.');
  const wanted = new Set<string>(keys.map(({ version }) => version));
  if (whole.some(({ version }) => wanted.has(version)))
    return new WebhookError(
      'signature_mismatch',
      'No signature fits: the message was signed with another key, or its body was changed on the way.',
    );
  return new WebhookError(
    'no_usable_signature',
    `The message has no signature of ${[...wanted].join(' or ')}, which the keys of this receiver can check.`,
  );
}
