import type { Room } from './workspace.ts';

/** The groups of the picture, from the top down, and the folders that belong to each. */
const groups = [
  { title: 'Services: what is deployed', folder: /^services\/[^/]+$/ },
  { title: 'The product', folder: /^packages\/[^/]+$/ },
  { title: 'One machine, in place of AWS', folder: /^packages\/local\/[^/]+$/ },
  { title: 'Only for tests', folder: /^packages\/testing\/[^/]+$/ },
  { title: 'Programs', folder: /^(examples\/[^/]+|bench)$/ },
] as const;

const marks = { start: '<!-- rooms: written by pnpm run docs -->', end: '<!-- end of rooms -->' };

/** Returns the page with an updated picture and list of rooms. */
export function drawArchitecture(page: string, rooms: readonly Room[]): string {
  const start = page.indexOf(marks.start);
  const end = page.indexOf(marks.end);
  if (start < 0 || end < start) throw new Error(`docs/architecture.md must contain ${marks.start} and ${marks.end}`);
  const drawn = [drawPicture(rooms.filter(isDrawn)), ...groups.map(({ title, folder }) => list(title, rooms, folder))];
  return `${page.slice(0, start)}${marks.start}\n\n${drawn.join('\n\n')}\n\n${page.slice(end)}`;
}

/** Test packages are left out: they import so much that their arrows would hide the others. */
const isDrawn = ({ folder }: Room): boolean => /^(services|packages)\//.test(folder) && !folder.includes('/testing/');

function drawPicture(rooms: readonly Room[]): string {
  const imports = new Map(rooms.map(({ folder, imports: all }) => [folder, all]));
  const boxes = groups.flatMap(({ title, folder }) => {
    const own = rooms.filter((room) => folder.test(room.folder));
    return own.length === 0 ? [] : [`  subgraph ${idOf(title)}["${title}"]`, ...own.map(toBox), '  end'];
  });
  const arrows = rooms.flatMap(({ folder }) =>
    directImports(folder, imports).map((imported) => `  ${idOf(folder)} --> ${idOf(imported)}`),
  );
  return ['```mermaid', 'flowchart TD', ...boxes, ...arrows, '```'].join('\n');
}

const toBox = ({ folder }: Room): string => `    ${idOf(folder)}["${folder.replace(/^(packages|services)\//, '')}"]`;

const idOf = (text: string): string => text.replace(/[^a-zA-Z0-9]+/g, '_');

/** The imports of a room without those that follow from its other imports. This makes fewer arrows. */
function directImports(folder: string, imports: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const own = imports.get(folder) ?? [];
  const further = new Set(own.flatMap((imported) => [...reachableFrom(imported, imports)]));
  return own.filter((imported) => !further.has(imported)).toSorted();
}

function reachableFrom(folder: string, imports: ReadonlyMap<string, readonly string[]>): ReadonlySet<string> {
  const reached = new Set<string>();
  const open = [...(imports.get(folder) ?? [])];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (reached.has(next)) continue;
    reached.add(next);
    open.push(...(imports.get(next) ?? []));
  }
  return reached;
}

const list = (title: string, rooms: readonly Room[], folder: RegExp): string =>
  [
    `### ${title}`,
    '',
    ...rooms
      .filter((room) => folder.test(room.folder))
      .flatMap((room) => wrap(`- [\`${room.folder}\`](../${room.folder}): ${room.description}`)),
  ].join('\n');

const maxWidth = 120;

/** Wraps a list entry so that its lines fit in a diff. */
function wrap(entry: string): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of entry.split(' ')) {
    if (line !== '' && `${line} ${word}`.length > maxWidth) {
      lines.push(line);
      line = `  ${word}`;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
