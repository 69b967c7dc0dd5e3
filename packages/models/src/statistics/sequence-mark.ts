const markBytes = 17;

/**
 * A sequence number as bytes that sort like the number. Half as long as its text, because a row has up to 16 of them.
 *
 * @param sequenceNumber - up to 40 decimal digits, as in DynamoDB's streams
 */
export const toMark = (sequenceNumber: string): Uint8Array =>
  Buffer.from(
    BigInt(sequenceNumber)
      .toString(16)
      .padStart(2 * markBytes, '0'),
    'hex',
  );
