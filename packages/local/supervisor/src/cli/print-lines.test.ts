import { createLinePrinter } from './print-lines.ts';

it('prints the lines of a moment by one write, in their order', async () => {
  const written: string[] = [];
  const print = createLinePrinter((text) => written.push(text));
  print('a');
  print('b');
  await Promise.resolve();
  print('c');
  await Promise.resolve();
  expect(written).toEqual(['a\nb\n', 'c\n']);
});
