export { buildLibrary } from './build-library.ts';
export { buildProgram } from './build-program.ts';
export { checkTypes, runProgram, supportedNodes } from './consumer.ts';
export { type Installed, installPacked } from './install-packed.ts';
