import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { drawArchitecture } from './draw-architecture.ts';
import { readRooms, readText, root } from './workspace.ts';

/** Writes the picture and the list of rooms in docs/architecture.md. Run by `pnpm run docs`. */
writeFileSync(join(root, 'docs/architecture.md'), drawArchitecture(readText('docs/architecture.md'), readRooms()));
