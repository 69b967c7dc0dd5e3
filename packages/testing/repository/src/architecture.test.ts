import { drawArchitecture } from './draw-architecture.ts';
import { type Room, readRooms, readText } from './workspace.ts';

const aRoom = (folder: string, imports: readonly string[] = []): Room => ({
  folder,
  name: folder,
  description: 'a room',
  imports,
});

const emptyPage = '# House\n\n<!-- rooms: written by pnpm run docs -->\nold\n<!-- end of rooms -->\n\nThe end.\n';

describe('docs/architecture.md', () => {
  it('shows the current packages and imports (if not: pnpm run docs)', () => {
    const page = readText('docs/architecture.md');
    expect(drawArchitecture(page, readRooms())).toBe(page);
  });

  it('describes every room', () => {
    expect(readRooms().filter(({ description }) => description === '')).toEqual([]);
  });

  it('changes with an import', () => {
    const core = aRoom('packages/core');
    const without = drawArchitecture(emptyPage, [core, aRoom('services/api')]);
    const withImport = drawArchitecture(emptyPage, [core, aRoom('services/api', ['packages/core'])]);
    expect(without).not.toContain('services_api --> packages_core');
    expect(withImport).toContain('services_api --> packages_core');
    expect(withImport).not.toContain('old');
    expect(withImport).toMatch(/^# House\n[\s\S]*The end\.\n$/);
  });

  it('leaves out arrows that follow from others', () => {
    const rooms = [
      aRoom('packages/core'),
      aRoom('packages/contracts', ['packages/core']),
      aRoom('services/api', ['packages/core', 'packages/contracts']),
    ];
    const page = drawArchitecture(emptyPage, rooms);
    expect(page).toContain('services_api --> packages_contracts');
    expect(page).not.toContain('services_api --> packages_core');
  });

  it('is an error for a page without marks', () => {
    expect(() => drawArchitecture('# House\n', [])).toThrow('must contain');
  });
});
