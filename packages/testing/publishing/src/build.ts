// The script `build` of a library: run in the folder of its package.
import { buildLibrary } from './build-library.ts';

await buildLibrary(process.cwd());
