// Who may import whom. `pnpm run boundaries` checks it; docs/adr/0013 says why each rule is there.
const gates = ['models', 'queues', 'egress', 'secrets'];
/** Tests, and what only they import, may reach anywhere. */
const tests = String.raw`\.test\.ts$|/fixtures/|/testing/|(test|start|stop)-store\.(ts|mjs)$`;
const own = (names) => `^packages/(${names.join('|')})/`;

/** Only the gate may import the library, but for tests and the packages that run or measure the real parts. */
const onlyThrough = (gate, library, others = []) => ({
  name: `${library[0]}-only-through-${gate}`,
  comment: `Only packages/${gate} speaks to what is behind it.`,
  severity: 'error',
  from: {
    path: '^(packages|services)/',
    pathNot: [own([gate, 'local', 'testing', ...others]), tests],
  },
  to: { path: library.map((name) => `node_modules/${name}/`) },
});

/** A package that may import these other ones of ours only, and itself. */
const importsOnly = (name, { room, others = [], comment, withoutLibraries = false, libraries = [] }) => ({
  name,
  ...(comment && { comment }),
  severity: 'error',
  from: { path: own([room]), pathNot: tests },
  to: {
    path: withoutLibraries ? '^(packages|services)/|node_modules/' : '^(packages|services)/',
    pathNot: [own([room, ...others]), ...libraries.map((library) => `node_modules/${library}/`)],
  },
});

module.exports = {
  forbidden: [
    {
      name: 'no-circles',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    importsOnly('core-imports-nothing-of-ours', { room: 'core' }),
    {
      name: 'core-does-no-input-or-output',
      severity: 'error',
      from: { path: own(['core']), pathNot: tests },
      to: { dependencyTypes: ['core'], pathNot: '^(node:)?(crypto|buffer)$' },
    },
    importsOnly('contracts-import-core-only', { room: 'contracts', others: ['core'] }),
    importsOnly('delivering-imports-core-and-contracts-only', {
      room: 'delivering',
      others: ['core', 'contracts'],
      comment: 'It knows no HTTP, no Lambda event and no AWS client: repositories and sending are arguments.',
      withoutLibraries: true,
    }),
    importsOnly('outbox-imports-nothing', {
      room: 'outbox',
      comment: 'Programs of others use it: it has no dependencies.',
      withoutLibraries: true,
    }),
    importsOnly('receiver-imports-nothing', {
      room: 'receiver',
      comment: 'Programs of others use it: it has no dependencies. Who uses the store in DynamoDB has the library.',
      withoutLibraries: true,
      libraries: ['@aws-sdk/client-dynamodb'],
    }),
    importsOnly('cli-imports-few-of-ours', {
      room: 'cli',
      others: ['core', 'receiver', 'delivering', 'transforming'],
      comment: 'It is a client: it knows the HTTP API, and is one small file.',
    }),
    {
      name: 'cli-loads-the-sandbox-on-a-thread-only',
      comment: 'The sandbox is a file of its own: the other one stays small.',
      severity: 'error',
      from: { path: own(['cli']), pathNot: [tests, '/listen/transformation/sandbox-thread.ts$'] },
      to: { path: own(['delivering', 'transforming']) },
    },
    importsOnly('transforming-imports-threads-and-core-only', {
      room: 'transforming',
      others: ['threads', 'core'],
      comment: 'The sandbox knows nothing of tables and queues.',
    }),
    importsOnly('checking-imports-threads-and-core-only', {
      room: 'checking',
      others: ['threads', 'core'],
      comment: 'The check of payloads knows nothing of tables and queues.',
    }),
    importsOnly('threads-imports-core-only', {
      room: 'threads',
      others: ['core'],
      comment: 'Threads get what they run from their callers.',
    }),
    importsOnly('change-events-imports-core-only', {
      room: 'change-events',
      others: ['core'],
      comment: 'Rules over values. Streams, functions and clients are with its callers.',
    }),
    importsOnly('aws-calls-imports-nothing-of-ours', { room: 'aws-calls' }),
    {
      name: 'aws-calls-only-for-gates-and-host',
      comment: 'Time limits of calls to AWS. The services say how long they are.',
      severity: 'error',
      from: { path: '^packages/', pathNot: [own(['aws-calls', 'models', 'queues', 'secrets', 'local/host']), tests] },
      to: { path: own(['aws-calls']) },
    },
    ...[...gates, 'platform', 'intake'].map((name) =>
      importsOnly(`${name}-imports-core-contracts-and-aws-calls-only`, {
        room: name,
        others: ['core', 'contracts', 'aws-calls'],
      }),
    ),
    ...['api', 'db-triggers', 'queue-workers', 'data'].map((name) => ({
      name: `${name}-imports-no-other-service`,
      severity: 'error',
      from: { path: `^services/${name}/` },
      to: { path: '^services/', pathNot: `^services/${name}/` },
    })),
    {
      name: 'packages-import-no-service',
      severity: 'error',
      from: { path: '^packages/', pathNot: [own(['testing/system']), tests] },
      to: { path: '^services/' },
    },
    ...Object.entries({
      'local/cloud': ['local/event-sources'],
      'local/event-sources': [],
      'local/dynamodb': ['local/signatures', 'local/storage'],
      'local/queues': ['local/signatures', 'local/storage'],
      'local/signatures': [],
      'local/storage': [],
    }).map(([name, others]) =>
      importsOnly(`${name}-imports-little-of-ours`, {
        room: name,
        others,
        comment: 'Any project could use it by itself.',
      }),
    ),
    onlyThrough('local/storage', ['classic-level', 'memory-level']),
    onlyThrough('local/dynamodb', ['dynalite']),
    onlyThrough('models', ['dynamoose', '@aws-sdk/client-dynamodb', '@aws-sdk/util-dynamodb'], ['receiver']),
    onlyThrough('queues', ['@aws-sdk/client-sqs']),
    onlyThrough('egress', ['ipaddr.js']),
    onlyThrough('transforming', ['quickjs-emscripten-core', '@jitl/quickjs-singlefile-cjs-release-sync']),
    {
      name: 'network-only-through-egress',
      comment:
        'Only packages/egress opens connections to customers: it checks the address. AWS clients and the command line have their own.',
      severity: 'error',
      from: { path: '^(packages|services)/', pathNot: [own(['egress', 'cli', 'local', 'testing']), tests] },
      to: { dependencyTypes: ['core'], path: '^(node:)?(http|https|http2|net|tls|dgram|dns)(/|$)' },
    },
    onlyThrough('secrets', ['jose', '@aws-sdk/client-kms', '@aws-sdk/client-secrets-manager']),
    {
      name: 'production-code-imports-no-test-help',
      severity: 'error',
      from: { path: '^(packages|services)/', pathNot: [own(['testing']), tests, String.raw`\.mjs$`] },
      to: { path: own(['testing']) },
    },
    {
      name: 'everything-resolves',
      severity: 'error',
      from: {},
      // Types alone: `@types/aws-lambda` describes what Lambda gives, and there is no such module.
      to: { couldNotResolve: true, pathNot: '^aws-lambda$' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: String.raw`(^|/)(\.serverless|\.esbuild|\.posthorn|build|dist)/` },
    // TypeScript 7 has no JavaScript API; swc reads the sources instead, type-only imports included.
    parser: 'swc',
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
      extensions: ['.ts', '.js', '.mjs', '.cjs'],
    },
  },
};
