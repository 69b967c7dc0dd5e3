import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bringToPresentFormat, type FormatStep } from './present-format.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'posthorn-format-'));
});
afterEach(() => rm(folder, { recursive: true }));

const setFormat = (text: string) => writeFile(join(folder, 'format'), text);
const formatOf = async () => (await readFile(join(folder, 'format'), 'utf8')).trim();

/** A step that notes what it does, and the format meanwhile. */
function aStep(from: string, to: string, done: string[]): FormatStep {
  const note = async (what: string) => void done.push(`${from}-${to}: ${what}, format is ${await formatOf()}`);
  return {
    from,
    to,
    load: async () => ({
      async migrate(_path, { hasBegun, begin }) {
        await note(hasBegun ? 'goes on' : 'checks');
        await begin();
        await note('changes');
      },
      removeOldParts: () => note('removes'),
    }),
  };
}

const bring = (steps?: readonly FormatStep[], beforeChange?: (what: string) => void) =>
  bringToPresentFormat(folder, {
    queuesElsewhere: false,
    now: Date.now,
    report: () => undefined,
    ...(steps && { steps, present: steps.at(-1)?.to ?? '' }),
    ...(beforeChange && { beforeChange }),
  });

describe('the format of a data folder', () => {
  it('is the present one in a new folder', async () => {
    await bring();
    expect(await formatOf()).toBe('2');
    await bring();
    expect(await readdir(folder)).toEqual(['format']);
  });

  it('is brought up to date by one step after the other', async () => {
    await setFormat('7\n');
    const done: string[] = [];
    await bring([aStep('7', '8', done), aStep('8', '9', done)]);
    expect(done).toEqual([
      '7-8: checks, format is 7',
      '7-8: changes, format is 7 to 8',
      '7-8: removes, format is 8 after 7',
      '8-9: checks, format is 8',
      '8-9: changes, format is 8 to 9',
      '8-9: removes, format is 9 after 8',
    ]);
    expect(await formatOf()).toBe('9');
  });

  it('is brought up to date by a step that goes on where it was killed', async () => {
    await setFormat('7 to 8');
    const done: string[] = [];
    await bring([aStep('7', '8', done)]);
    expect(done[0]).toBe('7-8: goes on, format is 7 to 8');
    await setFormat('8 after 7');
    await bring([aStep('7', '8', done)]);
    expect(done.slice(3)).toEqual(['7-8: removes, format is 8 after 7']);
    expect(await formatOf()).toBe('8');
  });

  it.each(['3', '0', 'x'.repeat(99), '', '2 to 3', '1 to 3'])('is refused if it is %j', async (text) => {
    await setFormat(text);
    await expect(bring()).rejects.toThrow(
      `has format ${text.slice(0, 20)}, but this version of Posthorn reads format 2. Nothing was changed.`,
    );
    expect(await formatOf()).toBe(text);
  });

  it.each(['store', 'dynamodb', 'sqs', 'remote-1234'])('must not be missing if there is a folder %s', async (name) => {
    await mkdir(join(folder, name));
    await expect(bring()).rejects.toThrow(`format is missing, but there is data: ${name}`);
    expect(await readdir(folder)).toEqual([name]);
  });
});
