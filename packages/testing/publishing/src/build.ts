// The script `build`: run in the folder of a package. One with a `bin` is a program, all others are libraries.
import { buildLibrary } from './build-library.ts';
import { buildProgram } from './build-program.ts';
import { readManifest } from './manifest.ts';

const folder = process.cwd();
const { bin } = await readManifest(folder);
await (bin === undefined ? buildLibrary(folder) : buildProgram(folder));
