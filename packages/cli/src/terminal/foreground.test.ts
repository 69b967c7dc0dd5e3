import { isForeground, parseGroups, parseStat } from './foreground.ts';

const statOf = (name: string, own: number, foreground: number) =>
  `77 (${name}) S 70 ${own} 60 34816 ${foreground} 4194304 102 0 0 0 0 0`;

describe('the groups of a process', () => {
  it.each(['node', 'a b', 'a) S 1 2 3 4 5', '('])('are read of /proc/PID/stat with the name %s', (name) => {
    expect(parseStat(statOf(name, 77, 70))).toEqual({ own: 77, foreground: 70 });
    expect(parseStat(statOf(name, 77, -1))).toEqual({ own: 77, foreground: -1 });
  });

  it('are read of ps, if it prints them', () => {
    expect(parseGroups('  77    70\n')).toEqual({ own: 77, foreground: 70 });
    for (const text of ['', '77', 'ps: illegal option']) expect(parseGroups(text)).toBeUndefined();
    expect(parseStat('')).toBeUndefined();
  });

  it('do not keep a process from the keys that is not found', async () => {
    expect(await isForeground(2 ** 30)).toBe(true);
  });
});
