import { attributeOf, type Resource, type Value } from './cloudformation.ts';
import type { ServiceDefinition } from './function-definition.ts';
import { logGroupLogicalId, roleLogicalId } from './function-names.ts';

/** One role for each function of a service. It allows what the function does, and writing to its own log group. */
export const functionRoles = ({ functions }: ServiceDefinition, stage: string): Record<string, Resource> =>
  Object.fromEntries(
    Object.entries(functions).map(([folder, { permissions }]) => [
      roleLogicalId(folder),
      functionRole([writeOwnLog(folder), ...permissions.map((permit) => ({ ...permit(stage) }))]),
    ]),
  );

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
