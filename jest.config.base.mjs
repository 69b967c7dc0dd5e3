/** What every package's jest.config.mjs spreads: TypeScript through swc, as ES modules, on the Lambda runtime's Node. */
export default {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      import.meta.resolve('@swc/jest').replace('file://', ''),
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2024' }, module: { type: 'es6' } },
    ],
  },
  testMatch: ['**/src/**/*.test.ts'],
  restoreMocks: true,
  // Ends a test that hangs, and no test that is slow: a machine can be ten times slower than another one. Tests have no
  // shorter limits of their own.
  testTimeout: 600_000,
};
