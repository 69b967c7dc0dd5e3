import { generateKeyPairSync, sign } from 'node:crypto';

/** DER: a tag, the length of what follows, and what follows. Nothing in a small certificate is longer than 64 KB. */
function der(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

const sequence = (...parts: readonly Uint8Array[]) => der(0x30, ...parts);
const integer = (value: number) => der(0x02, Buffer.from([value]));
const utcTime = (text: string) => der(0x17, Buffer.from(text));
const bitString = (bytes: Uint8Array) => der(0x03, Buffer.from([0]), bytes);
const ed25519 = sequence(Buffer.from('06032b6570', 'hex'));
const commonName = Buffer.from('0603550403', 'hex');
const nameOf = (text: string) => sequence(der(0x31, sequence(commonName, der(0x0c, Buffer.from(text)))));

/** A certificate that nobody has reason to trust, for `localhost` and the years 2020 to 2049, and its key; both in PEM. */
export function createSelfSignedCertificate(): { readonly cert: string; readonly key: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const name = nameOf('localhost');
  const validity = sequence(utcTime('200101000000Z'), utcTime('491231235959Z'));
  const publicKeyInfo = publicKey.export({ type: 'spki', format: 'der' });
  const signed = sequence(integer(1), ed25519, name, validity, name, publicKeyInfo);
  const certificate = sequence(signed, ed25519, bitString(sign(null, signed, privateKey)));
  return {
    cert: `-----BEGIN CERTIFICATE-----\n${certificate.toString('base64')}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}
