/** Returns about 1 KB of JSON as a shop would send it. Every number gives another body. */
export const realisticBody = (number: number): string =>
  JSON.stringify({
    id: `inv_${String(number).padStart(10, '0')}`,
    object: 'invoice',
    customer: { id: `cus_${number % 997}`, name: 'Café Größenwahn GmbH', email: `billing+${number}@example.com` },
    currency: 'eur',
    total: 119_00 + (number % 1_000),
    lines: Array.from({ length: 6 }, (_, line) => ({
      sku: `sku-${(number * 7 + line) % 4_096}`,
      quantity: 1 + (line % 3),
      unitPrice: 9.95 + line,
      description: `Line ${line} of invoice ${number}: "widgets", blue`,
    })),
    metadata: { source: 'checkout', session: `sess_${(number * 2_654_435_761) % 4_294_967_296}` },
    createdAt: '2026-01-01T00:00:00.000Z',
  });
