import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAnswer, afterMessage, type Position } from './position.ts';
import { openPositionFile, positionFolder } from './position-file.ts';

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'posthorn-position-'));
});
afterEach(() => rm(home, { recursive: true }));

const session = { server: 'https://posthorn.example.com', app: 'acme', target: 'http://localhost:3000/' };
const open = (change: Partial<typeof session> & { endpoint?: string } = {}) =>
  openPositionFile(positionFolder({ env: {}, homeFolder: home }), { ...session, ...change });
const position: Position = { sink: 'sink', handedOver: [], secret: 'whsec_x', since: new Date(1_700_000_000_000) };

describe('the file of a position', () => {
  it('is read as it was written, and only its user can read it', async () => {
    const file = open();
    expect(file.read()).toBeUndefined();
    const [first, second] = ['msg_1', 'msg_2'].map((id) => ({ id, acceptedAt: new Date(1_700_000_000_000) }));
    if (!first || !second) throw new Error('there are two messages');
    const answer = { messages: [first], iterator: 'iterator' };
    const later = afterMessage(afterAnswer(afterMessage(position, first), answer), second);
    const backlog = { until: new Date(1_700_000_060_000), iterator: '-msg_1' };
    const older = afterMessage({ ...position, backlog }, first);
    expect(older.overlap).toEqual({ until: backlog.until, ids: ['msg_1'] });
    for (const one of [
      position,
      later,
      { ...later, backlog: { until: backlog.until } },
      { ...later, backlog },
      older,
    ]) {
      file.write(one);
      expect(file.read()).toEqual(one);
    }
    expect(later).toEqual({ ...position, iterator: 'iterator', handedOver: ['msg_2'], lastId: 'msg_2' });
    expect((await stat(file.path)).mode & 0o777).toBe(0o600);
    expect(await readdir(dirname(file.path))).toHaveLength(1);
    expect(file.path.startsWith(join(home, '.local/state/posthorn/listen/'))).toBe(true);
  });

  it('is another one for another server, application, target or endpoint', () => {
    open().write(position);
    const others = [
      { server: 'http://localhost' },
      { app: 'b' },
      { target: 'http://localhost/' },
      { endpoint: 'ep_1' },
    ];
    for (const change of others) expect(open(change).read()).toBeUndefined();
    expect(open().read()).toEqual(position);
  });

  it.each([
    '',
    '{',
    '{}',
    '[]',
    'null',
    '{"version":2,"sink":"a","handedOver":[]}',
    '{"version":1,"sink":"a","handedOver":[1]}',
  ])('counts as none if it has %j', async (text) => {
    open().write(position);
    await writeFile(open().path, text);
    expect(open().read()).toBeUndefined();
  });
});

it('is in the folder that the environment names', () => {
  const folder = positionFolder({ env: { XDG_STATE_HOME: '/state' }, homeFolder: home });
  expect(folder).toBe('/state/posthorn/listen');
});
