/** The group of a process, and the group in the foreground of its terminal. */
interface Groups {
  readonly own: number;
  /** Negative: the process has no terminal that could stop it. */
  readonly foreground: number;
}

/** Whether a process is in the foreground of its terminal. True if it cannot be told, or it has no terminal. */
export async function isForeground(pid: number): Promise<boolean> {
  const groups = await readGroups(pid).catch(() => undefined);
  return groups === undefined || groups.foreground < 0 || groups.own === groups.foreground;
}

async function readGroups(pid: number): Promise<Groups | undefined> {
  if (process.platform === 'linux') {
    const { readFile } = await import('node:fs/promises');
    return parseStat(await readFile(`/proc/${pid}/stat`, 'utf8'));
  }
  const [{ execFile }, { promisify }] = await Promise.all([import('node:child_process'), import('node:util')]);
  const { stdout } = await promisify(execFile)('ps', ['-o', 'pgid=', '-o', 'tpgid=', '-p', String(pid)]);
  return parseGroups(stdout);
}

/**
 * Reads `/proc/PID/stat`: the id, the name in brackets, the state, the parent, the group, the session, the terminal and
 * its group in the foreground. The name can have brackets and spaces.
 */
export function parseStat(stat: string): Groups | undefined {
  const [, , own, , , foreground] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return parseGroups(`${own} ${foreground}`);
}

/** Reads two numbers, as `ps` prints them. */
export function parseGroups(text: string): Groups | undefined {
  const [, own, foreground] = /^\s*(\d+)\s+(-?\d+)\s*$/.exec(text) ?? [];
  return own === undefined ? undefined : { own: Number(own), foreground: Number(foreground) };
}
