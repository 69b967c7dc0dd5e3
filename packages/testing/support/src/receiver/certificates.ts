import { generateKeyPairSync, type KeyObject, randomUUID, sign } from 'node:crypto';

/** A certificate and its private key, both in PEM, as Node's TLS servers take them. */
export interface ServerCertificate {
  readonly cert: string;
  readonly key: string;
}

/** What a certificate says. The times are `YYMMDDhhmmssZ`. */
export interface CertificateContent {
  /** Host names that it is valid for. */
  readonly names: readonly string[];
  readonly validFrom?: string;
  readonly validUntil?: string;
}

/** A certificate authority that a test can tell its client to trust. */
export interface CertificateAuthority {
  /** The issuer's own certificate, in PEM. */
  readonly cert: string;
  issue(content: CertificateContent): ServerCertificate;
}

/**
 * A DER value: a tag, the length of the content, and the content. Two bytes of length are enough for a small
 * certificate.
 */
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
const octetString = (bytes: Uint8Array) => der(0x04, bytes);
const isTrue = der(0x01, Buffer.from([0xff]));
const objectId = (hex: string) => der(0x06, Buffer.from(hex, 'hex'));
const ed25519 = sequence(objectId('2b6570'));
const commonName = objectId('550403');
const alternativeNames = objectId('551d11');
const basicConstraints = objectId('551d13');
const nameOf = (text: string) => sequence(der(0x31, sequence(commonName, der(0x0c, Buffer.from(text)))));
const pem = (bytes: Uint8Array) =>
  `-----BEGIN CERTIFICATE-----\n${Buffer.from(bytes).toString('base64')}\n-----END CERTIFICATE-----\n`;

interface Signing {
  readonly issuer: string;
  readonly issuerKey: KeyObject;
  readonly subject: string;
  readonly subjectKey: KeyObject;
  readonly validFrom: string;
  readonly validUntil: string;
  readonly extensions: readonly Uint8Array[];
}

/** An X.509 certificate, version 3 (RFC 5280, 4.1). */
function signCertificate(signing: Signing): string {
  const { issuer, issuerKey, subject, subjectKey, validFrom, validUntil, extensions } = signing;
  const content = sequence(
    der(0xa0, integer(2)),
    integer(1),
    ed25519,
    nameOf(issuer),
    sequence(utcTime(validFrom), utcTime(validUntil)),
    nameOf(subject),
    subjectKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(...extensions)),
  );
  return pem(sequence(content, ed25519, bitString(sign(null, content, issuerKey))));
}

const always = { validFrom: '200101000000Z', validUntil: '491231235959Z' };

const namesExtension = (names: readonly string[]) =>
  sequence(alternativeNames, octetString(sequence(...names.map((name) => der(0x82, Buffer.from(name))))));

/** Creates a new certificate authority that nobody trusts yet. */
export function createCertificateAuthority(): CertificateAuthority {
  const issuer = `Issuer ${randomUUID()}`;
  const { privateKey: issuerKey, publicKey } = generateKeyPairSync('ed25519');
  const mayIssue = sequence(basicConstraints, isTrue, octetString(sequence(isTrue)));
  const own = { issuer, issuerKey, subject: issuer, subjectKey: publicKey, ...always, extensions: [mayIssue] };
  return {
    cert: signCertificate(own),
    issue: ({ names, ...times }) => {
      const server = generateKeyPairSync('ed25519');
      const extensions = [namesExtension(names)];
      const subject = { subject: 'Server of a test', subjectKey: server.publicKey, extensions };
      return {
        cert: signCertificate({ issuer, issuerKey, ...subject, ...always, ...times }),
        key: server.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      };
    },
  };
}

/** A certificate for `localhost` that nobody trusts. */
export function createSelfSignedCertificate(): ServerCertificate {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const name = 'localhost';
  return {
    cert: signCertificate({
      ...{ issuer: name, issuerKey: privateKey, subject: name, subjectKey: publicKey },
      ...always,
      extensions: [namesExtension([name])],
    }),
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}
