import { testWith } from './fixtures/command-under-test.ts';

// The same promises as under `start`.
testWith('dev');
await import('./http-contract.test.ts');
