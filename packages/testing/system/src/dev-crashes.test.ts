import { testWith } from './fixtures/command-under-test.ts';

// The same promises as under `start`, for each of the processes.
testWith('dev');
await import('./crashes.test.ts');
