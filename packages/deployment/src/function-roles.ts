import { attributeOf, logicalName, type Resource, type Value } from './cloudformation.ts';
import type { Permission } from './permissions.ts';

/** Function folder => what the function may do. */
export type FunctionPermissions = Readonly<Record<string, readonly Permission[]>>;

/** The logical id of a function's role: what `role:` names in serverless.yml. */
const roleLogicalId = (folder: string): string => `${logicalName(folder)}Role`;

/** The logical ids that Serverless gives to a function and to its log group. */
export const functionLogicalId = (folder: string): string => `${logicalName(folder)}LambdaFunction`;
const logGroupLogicalId = (folder: string): string => `${logicalName(folder)}LogGroup`;

/**
 * One role for each function of a service. It allows what the function does, and writing to its own log group.
 */
export const functionRoles = (stage: string, permissions: FunctionPermissions) =>
  Object.fromEntries(
    Object.entries(permissions).map(([folder, own]) => [
      roleLogicalId(folder),
      functionRole([writeOwnLog(folder), ...own.map((permit) => ({ ...permit(stage) }))]),
    ]),
  );

/** As Serverless names it: service, stage, function key. */
export const functionName = (service: string, stage: string, folder: string): string => {
  const pascal = logicalName(folder);
  return `${service}-${stage}-${pascal.charAt(0).toLowerCase()}${pascal.slice(1)}`;
};

const functionRole = (statements: readonly Value[]): Resource => ({
  Type: 'AWS::IAM::Role',
  Properties: {
    AssumeRolePolicyDocument: {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
    },
    Policies: [{ PolicyName: 'own', PolicyDocument: { Version: '2012-10-17', Statement: statements } }],
  },
});

/** The ARN of a log group ends with `:*`, which covers its streams. */
const writeOwnLog = (folder: string): Value => ({
  Effect: 'Allow',
  Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
  Resource: [attributeOf(logGroupLogicalId(folder), 'Arn')],
});
