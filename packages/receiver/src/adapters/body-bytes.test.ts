import * as fc from 'fast-check';
import { collectBytes } from './body-bytes.ts';

it('returns the bytes of all chunks in one buffer, and keeps none of the chunks', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 30_000, size: 'max' }), { maxLength: 12 }), (chunks) => {
      const expected = Buffer.concat(chunks);
      const bytes = collectBytes(expected.byteLength);
      for (const chunk of chunks) {
        bytes.add(chunk);
        // Who has sent the chunk uses its memory for the next one.
        chunk.fill(0);
      }
      expect(bytes.take().equals(expected)).toBe(true);
      expect(bytes.take().buffer.byteLength).toBeLessThanOrEqual(Math.max(16_384, 2 * expected.byteLength));
    }),
  );
});

it('refuses the first byte over the limit', () => {
  const bytes = collectBytes(3);
  bytes.add(Buffer.from('abc'));
  expect(() => bytes.add(Buffer.from('d'))).toThrow(expect.objectContaining({ code: 'body_too_large' }));
});
