import { planRestarts } from './plan-restarts.ts';

const runners = [
  { name: 'api', folders: ['services/*', 'services/api', 'packages/core'] },
  { name: 'queue-workers', folders: ['services/*', 'services/queue-workers', 'packages/core', 'packages/egress'] },
];
const namesFor = (...files: readonly string[]) => planRestarts(files, runners).map(({ name }) => name);

describe('after a change', () => {
  it.each([
    ['services/api/src/post-message/handler.ts', ['api']],
    ['services/api/functions.ts', ['api']],
    ['packages/egress/src/send.ts', ['queue-workers']],
    ['packages/core/package.json', ['api', 'queue-workers']],
    ['services/esbuild.yml', ['api', 'queue-workers']],
    ['services/data/serverless.yml', []],
    ['packages/core-more/src/x.ts', []],
  ])('of %s, the services that use it start again: %j', (file, names) => {
    expect(namesFor(file)).toEqual(names);
  });

  it.each([
    'services/api/README.md',
    'services/api/src/paging/page.test.ts',
    'packages/core/src/testing/builders.ts',
    'packages/core/src/fixtures/a.json',
    'packages/core/src/shapes.d.ts',
    'services/api/src/handler.ts~',
  ])('of %s, nothing starts again', (file) => {
    expect(namesFor(file)).toEqual([]);
  });

  it('of several files, each service starts again once, and says why', () => {
    const changed = ['services/api/README.md', 'services/api/src/a.ts', 'packages/core/src/b.ts'];
    expect(planRestarts(changed, runners)).toEqual([
      { name: 'api', file: 'services/api/src/a.ts', more: 1 },
      { name: 'queue-workers', file: 'packages/core/src/b.ts', more: 0 },
    ]);
  });
});
