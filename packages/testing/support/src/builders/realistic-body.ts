const words = `account address amount annual apple archive arrival basic battery blue bottle branch bright cable camera
candle canvas carbon carton ceramic charger classic cloud coffee compact copper cotton delivery desk digital double
elastic electric engine evening express fabric filter flat folding forest frame garden glass gold granite green handle
harbour heavy holder hybrid indoor invoice jacket kitchen ladder large leather lemon linen lunch marble market medium
metal mirror mobile monthly morning mount narrow natural notebook oak office olive orange order outdoor oval packet
paper patio pencil plastic pocket portable premium printer purple quiet radio refill ribbon river round rubber sample
scarf screen season shelf silver simple single small smart soft solar spare square standard steel stone storage summer
switch table tablet timber titanium tower travel urban velvet vintage warranty water weekly white wide winter wireless
wooden woollen yellow`.split(/\s+/);
const names = [
  'Amélie',
  'Björn',
  'Chidi',
  'Dana',
  'Eun-ji',
  'Farid',
  'Grace',
  'Håkon',
  'Inés',
  'Jürgen',
  'Kofi',
  'Łucja',
];
const currencies = ['eur', 'usd', 'gbp', 'chf', 'jpy'];

/** Numbers from 0 to 1 that are the same for the same seed (mulberry32). */
function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * The JSON that a shop would send about an order: ids, names, amounts, times and texts that differ from seed to seed.
 * About a third of the characters are random ids and numbers, which hardly get shorter when they are deflated.
 *
 * @param bytes - the exact length in UTF-8, at least 600
 */
export function realisticBody({ bytes, seed }: { readonly bytes: number; readonly seed: number }): string {
  const random = createRandom(seed);
  const below = (limit: number) => Math.floor(random() * limit);
  const oneOf = (texts: readonly string[]) => texts[below(texts.length)] ?? '';
  const text = (count: number) => Array.from({ length: count }, () => oneOf(words)).join(' ');
  const id = (prefix: string) =>
    prefix + Array.from({ length: 24 }, () => 'abcdefghijklmnopqrstuvwxyz0123456789'.charAt(below(36))).join('');
  const time = () => new Date(1_767_225_600_000 + below(31_536_000_000)).toISOString();
  const line = () => ({
    id: id('li_'),
    sku: `${oneOf(words).slice(0, 3).toUpperCase()}-${10_000 + below(90_000)}`,
    description: text(3 + below(3)),
    quantity: 1 + below(9),
    unit_amount: 100 + below(99_900),
  });
  const order = {
    id: id('ord_'),
    object: 'order',
    created: time(),
    livemode: true,
    customer: {
      id: id('cus_'),
      name: `${oneOf(names)} ${text(1)}`,
      email: `${oneOf(words)}.${below(9_999)}@example.com`,
    },
    currency: oneOf(currencies),
    total: 1_000 + below(9_999_000),
    tax_rate: Math.round(random() * 2_500) / 100,
    shipping: {
      carrier: oneOf(words),
      tracking: id(''),
      street: `${text(2)} ${1 + below(199)}`,
      postcode: `${10_000 + below(90_000)}`,
    },
    lines: [line()],
    note: '',
  };
  let length = Buffer.byteLength(JSON.stringify(order));
  while (length + 400 < bytes) {
    const next = line();
    order.lines.push(next);
    length += Buffer.byteLength(JSON.stringify(next)) + ','.length;
  }
  const missing = bytes - length;
  if (missing < 0) throw new RangeError('a realistic body has at least 600 bytes');
  order.note = text(missing).slice(0, missing);
  return JSON.stringify(order);
}
