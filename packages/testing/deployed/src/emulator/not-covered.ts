/** A resource type of our templates that the emulator's CloudFormation does not have. */
interface NotCovered {
  readonly type: string;
  readonly instead: string;
}

/** All of them, and what the test does instead. The test fails if this list does not match what the emulator lacks. */
export const notCovered: readonly NotCovered[] = [
  { type: 'AWS::SecretsManager::Secret', instead: 'the test creates the secret through the Secrets Manager API' },
  { type: 'AWS::ApiGatewayV2::Api', instead: 'the test invokes functions with events as API Gateway makes them' },
  { type: 'AWS::ApiGatewayV2::Stage', instead: 'nothing' },
  { type: 'AWS::ApiGatewayV2::Route', instead: 'the test reads the routes from the template' },
  { type: 'AWS::ApiGatewayV2::Integration', instead: 'the test reads the function of a route from the template' },
  { type: 'AWS::CloudWatch::Alarm', instead: 'nothing: alarms are not tested' },
  { type: 'AWS::S3::BucketPolicy', instead: 'nothing: it only refuses access without TLS' },
];

/** Differences between the emulator and AWS that matter here. */
const differences: readonly string[] = [
  'DependsOn is ignored when a stack is updated',
  'a failed deployment is not rolled back',
  'time to live, backups, encryption at rest and the architecture of functions are accepted and ignored',
  'event source mappings are stored and not run: the test polls, with the role of the function',
  'IAM is stored and not enforced: a proxy in front of it refuses what the role of the caller does not allow',
  'a schedule does not fire: the test invokes the function',
  'cold starts, memory limits, concurrency and API Gateway’s limits do not exist',
];

/** The lists above as text, printed with the result of the run. */
export const describeCoverage = (): string =>
  [
    'Not in the emulator, and what the test does instead:',
    ...notCovered.map(({ type, instead }) => `  ${type.padEnd(34)} ${instead}`),
    'In the emulator, but different from AWS:',
    ...differences.map((difference) => `  ${difference}`),
    'Nothing here runs against an AWS account.',
  ].join('\n');
