import { testWith } from './fixtures/command-under-test.ts';

// The same promises as under `start`.
testWith('dev');
await import('./change-events.test.ts');
