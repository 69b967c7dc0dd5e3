// No circles between folders. `pnpm run boundaries` checks it, after the rules about modules.
const { options } = require('./.dependency-cruiser.cjs');

/** Tests import what they test, and what helps tests imports the same: their imports make circles that do no harm. */
const tests = String.raw`\.test\.ts$|/fixtures/|/testing/|(test|start|stop)-store\.(ts|mjs)$`;

module.exports = {
  forbidden: [
    {
      name: 'no-circles-between-folders',
      comment: 'Two folders that import each other are one folder.',
      severity: 'error',
      scope: 'folder',
      from: { path: '^(packages|services)/' },
      to: { circular: true },
    },
  ],
  options: { ...options, exclude: { path: [options.exclude.path, tests] } },
};
