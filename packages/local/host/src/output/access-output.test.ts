import { countDropped } from '@posthorn/contracts/api/request-facts';
import { createAccessOutput } from './access-output.ts';

/** Each line with its end, and at most this many characters that wait. */
function anOutput({ longestBacklog = 1_000 } = {}) {
  const written: string[] = [];
  const waiting: (() => void)[] = [];
  const unread: ((error?: Error) => void)[] = [];
  const output = createAccessOutput({
    longestBacklog,
    write(text, done) {
      written.push(text);
      unread.push(done);
    },
    writeLater: (write) => waiting.push(write),
  });
  return {
    output,
    /** What was written, with each line about dropped ones as its count. */
    written: () => written.map((text) => text.replace(/^\{.*$/gm, (line) => `-${countDropped(line)}`)),
    /** A moment later. */
    pass() {
      for (const write of waiting.splice(0)) write();
    },
    /** The reader takes what was written, or refuses it. */
    read: (error?: Error) => unread.shift()?.(error),
  };
}

const gone = new Error('EPIPE');

it('writes the lines of a moment in one piece, in their order', () => {
  const { written, output, pass, read } = anOutput();
  for (const line of ['a', 'b']) output.add(line);
  expect(written()).toEqual([]);
  pass();
  read();
  output.add('c');
  pass();
  expect(written()).toEqual(['a\nb\n', 'c\n']);
});

it('writes nothing more until the reader has taken the piece before', () => {
  const { written, output, pass, read } = anOutput();
  for (const line of ['a', 'b', 'c']) {
    output.add(line);
    pass();
  }
  expect(written()).toEqual(['a\n']);
  read();
  expect(written()).toEqual(['a\n', 'b\nc\n']);
});

it('drops what does not fit, and says how many lines are missing where they are missing', () => {
  const { written, output, pass, read } = anOutput({ longestBacklog: 6 });
  output.add('a');
  pass();
  // The third one does not fit. The last one would, but all that come before the reader goes on are left out together.
  for (const line of ['b', 'c', 'too long', 'd']) output.add(line);
  read();
  output.add('e');
  read();
  expect(written()).toEqual(['a\n', 'b\nc\n', '-2\ne\n']);
});

it('says how many lines are missing as soon as the reader goes on, also if no line follows', () => {
  const { written, output, pass, read } = anOutput({ longestBacklog: 4 });
  output.add('a');
  pass();
  for (const line of ['b', 'c', 'd']) output.add(line);
  read();
  read();
  expect(written()).toEqual(['a\n', 'b\n', '-2\n']);
});

it('counts lines that could not be written, and tries again with the next line only', () => {
  const { written, output, pass, read } = anOutput();
  for (const line of ['a', 'b']) output.add(line);
  pass();
  read(gone);
  pass();
  expect(written()).toEqual(['a\nb\n']);
  output.add('c');
  pass();
  read(gone);
  output.add('d');
  pass();
  read();
  expect(written()).toEqual(['a\nb\n', '-2\nc\n', '-3\nd\n']);
});

it('counts a dropped line about dropped lines for these', () => {
  const { written, output, pass, read } = anOutput();
  output.add('{"level":"WARN","message":"access_log.lines_dropped","lines":40}');
  output.add('a');
  pass();
  read(gone);
  output.add('b');
  pass();
  expect(written()).toEqual(['-40\na\n', '-41\nb\n']);
});

it('writes what is left when the process ends, and nothing twice', () => {
  const { written, output, pass } = anOutput();
  output.add('a');
  output.flush();
  output.flush();
  pass();
  expect(written()).toEqual(['a\n']);
});

it('ends when everything is written', async () => {
  const { written, output, read } = anOutput();
  output.add('a');
  const ended = output.end(60_000);
  read();
  expect(await ended).toBe(0);
  expect(written()).toEqual(['a\n']);
});

it('ends without a reader, and returns how many lines were not written', async () => {
  const { output, pass } = anOutput({ longestBacklog: 4 });
  output.add('a');
  pass();
  for (const line of ['b', 'c', 'd']) output.add(line);
  expect(await output.end(1)).toBe(4);
});

it('ends at once if the reader is gone', async () => {
  const { output, pass, read } = anOutput();
  output.add('a');
  pass();
  output.add('b');
  const ended = output.end(60_000);
  read(gone);
  read(gone);
  expect(await ended).toBe(2);
});
