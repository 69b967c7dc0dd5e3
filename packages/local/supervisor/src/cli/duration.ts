const units = [
  ['d', 86_400],
  ['h', 3_600],
  ['min', 60],
  ['s', 1],
] as const;

/** Writes seconds in their two largest units: `2 h 3 min`. */
export function duration(seconds: number): string {
  let rest = Math.floor(seconds);
  const parts: string[] = [];
  for (const [name, length] of units) {
    const count = Math.floor(rest / length);
    rest -= count * length;
    parts.push(`${count} ${name}`);
  }
  const first = parts.findIndex((part) => !part.startsWith('0 '));
  return parts
    .slice(first === -1 ? -1 : first)
    .slice(0, 2)
    .filter((part, index) => index === 0 || !part.startsWith('0 '))
    .join(' ');
}
