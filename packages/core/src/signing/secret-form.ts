/** Standard Webhooks asks for 24 to 64 bytes; Svix takes up to 75. */
export const sharedKeyBytes = { least: 24, most: 75 } as const;

const sextet = '[A-Za-z0-9+/]';
/** The last four characters of padded base64, for one byte and for two. The bits that carry nothing are 0. */
const lastByte = `${sextet}[AQgw]==`;
const lastTwoBytes = `${sextet}{2}[AEIMQUYcgkosw048]=`;

const { least, most } = sharedKeyBytes;
const sharedKey = `(?:${sextet}{4}){${least / 3},${most / 3 - 1}}(?:${sextet}{4}|${lastTwoBytes}|${lastByte})?`;
const keyPair = `(?:${sextet}{4}){21}${lastByte}`;

/**
 * What a signing secret looks like: `whsec_` and 24 to 75 bytes, or `whsk_` and a key pair of 64 bytes, in padded base64.
 * That the two halves of a pair belong together is checked where it is read.
 */
export const signingSecretPattern = new RegExp(`^(?:whsec_${sharedKey}|whsk_${keyPair})$`);
