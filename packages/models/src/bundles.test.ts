import { build } from 'esbuild';

const bundledWith = async (module: string): Promise<readonly string[]> => {
  const { metafile } = await build({
    entryPoints: [`${import.meta.dirname}/${module}.ts`],
    bundle: true,
    platform: 'node',
    format: 'esm',
    write: false,
    metafile: true,
    logLevel: 'silent',
  });
  return Object.keys(metafile.inputs);
};

const hotPaths = [
  'accepting-applications',
  'accepting-messages',
  'endpoint-reads',
  'messages',
  'message-content',
  'claims',
  'attempts',
  'deliveries',
  'due-deliveries',
  'statistics',
  'outbox',
  'data-keys',
  'throttles',
  'job-runs',
  'application-ordering',
  'message-log',
  'poll-states',
  'polled-messages',
  'retry-schedules',
  'token-checks',
  'enforcement',
  'tokens',
  'integrations',
  'stream-records',
  'client',
  'application-names',
  'application-remains',
  'begin-removal',
  'endpoints/delete-endpoint',
  'has-application',
];

it.each(hotPaths)('keeps Dynamoose out of what imports %s', async (module) => {
  const inputs = await bundledWith(module);
  expect(inputs.filter((input) => input.includes('dynamoose'))).toEqual([]);
});
