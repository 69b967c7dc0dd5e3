/**
 * `pnpm run test:deployed`: prepares the emulator, then runs the tests. If the emulator cannot run, it skips them and
 * says so in one line.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describeCoverage } from './emulator/not-covered.ts';
import { prepareEmulator } from './emulator/python.ts';

const folder = join(import.meta.dirname, '..');

const preparation = await prepareEmulator();
if (preparation.kind === 'missing') {
  console.log(`test:deployed is skipped: ${preparation.reason}`);
} else {
  console.log(describeCoverage());
  const jest = createRequire(import.meta.url).resolve('jest/bin/jest');
  // `pnpm test` runs the other tests of this package. These take minutes and need Python.
  const these = ['--testMatch', '**/src/*.deployed.ts', '--testTimeout', '600000', '--verbose'];
  const child = spawn(process.execPath, [jest, ...these, ...process.argv.slice(2)], {
    cwd: folder,
    stdio: 'inherit',
    env: {
      ...process.env,
      NODE_OPTIONS: '--experimental-vm-modules --disable-warning=ExperimentalWarning',
      EMULATOR_PYTHON: preparation.python,
    },
  });
  const [code] = await once(child, 'exit');
  process.exitCode = code ?? 1;
}
