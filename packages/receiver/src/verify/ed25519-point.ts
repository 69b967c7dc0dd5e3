/** The field of the curve. */
const prime = 2n ** 255n - 19n;
/** The constant of the curve: -121665 / 121666. */
const d = modulo(-121_665n * power(121_666n, prime - 2n));
/** The second coordinates of the eight points that eight additions lead to the neutral one. */
const smallOrders: ReadonlySet<bigint> = new Set([
  0n,
  1n,
  prime - 1n,
  readLittleEndian(Buffer.from('26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05', 'hex')),
  readLittleEndian(Buffer.from('c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a', 'hex')),
]);

/**
 * Whether 32 bytes are a public key of ed25519 that someone can have: a point of the curve (RFC 8032) whose order is not
 * small. Node.js accepts any 32 bytes. With a point of small order, anyone could sign what Node.js 20 verifies.
 */
export function isPublicKey(bytes: Uint8Array): boolean {
  const y = readLittleEndian(bytes) & (2n ** 255n - 1n);
  if (y >= prime || smallOrders.has(y)) return false;
  // x² = (y² - 1) / (d y² + 1) has a root if its power is 1 (Euler).
  const xSquared = modulo((y * y - 1n) * power(d * y * y + 1n, prime - 2n));
  return power(xSquared, (prime - 1n) / 2n) === 1n;
}

function readLittleEndian(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).reverse().toString('hex')}`);
}

function modulo(value: bigint): bigint {
  return ((value % prime) + prime) % prime;
}

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  let square = modulo(base);
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % prime;
    square = (square * square) % prime;
  }
  return result;
}
