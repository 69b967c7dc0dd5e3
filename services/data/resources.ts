import { jwtSecretName, secretsKeyAlias, streamExportName, type Table, tables } from '@posthorn/contracts';
import {
  alarmTopicExportName,
  alarmTopicName,
  logicalName,
  queueAlarm,
  type Resource,
  retained,
  secretsKeyExportName,
  type Template,
  type Value,
} from '@posthorn/deployment';
import { toCloudFormation } from '@posthorn/models/tables';
import { queueResources } from './queue-resources.ts';

/** Everything that outlives code, for one stage. */
export function dataResources(stage: string): Template {
  const others = { ...queueResources(stage), ...keyResources(stage), ...alarms(stage) };
  return {
    Resources: { ...others, ...tableResources(stage, Object.keys(others)) },
    Outputs: { ...streamOutputs(stage), ...sharedOutputs(stage) },
  };
}

const tableResources = (stage: string, createdBefore: readonly string[]) =>
  Object.fromEntries(tables.map((table) => [tableLogicalId(table), tableResource(stage, table, createdBefore)]));

const tableLogicalId = (table: Table): string => `${logicalName(table)}Table`;

/**
 * @param createdBefore - logical ids of all other resources. CloudFormation cannot delete a table with deletion
 *   protection when a first deployment fails, so it creates the tables when nothing else can fail.
 */
const tableResource = (stage: string, table: Table, createdBefore: readonly string[]): Resource => ({
  Type: 'AWS::DynamoDB::Table',
  DependsOn: createdBefore,
  ...retained,
  Properties: {
    ...toCloudFormation(stage, table),
    BillingMode: 'PAY_PER_REQUEST',
    DeletionProtectionEnabled: true,
    PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    SSESpecification: { SSEEnabled: true },
  },
});

const keyResources = (stage: string): Record<string, Resource> => ({
  SecretsKey: {
    Type: 'AWS::KMS::Key',
    ...retained,
    Properties: {
      Description: `Encrypts the signing secrets and headers of Posthorn's endpoints (${stage})`,
      EnableKeyRotation: true,
      KeyPolicy: { Version: '2012-10-17', Statement: [accountMayDelegate] },
    },
  },
  SecretsKeyAlias: {
    Type: 'AWS::KMS::Alias',
    ...retained,
    Properties: { AliasName: secretsKeyAlias(stage), TargetKeyId: { Ref: 'SecretsKey' } },
  },
  JwtSecret: {
    Type: 'AWS::SecretsManager::Secret',
    ...retained,
    Properties: {
      Name: jwtSecretName(stage),
      Description: `Signs the tokens of Posthorn's callers (${stage})`,
      GenerateSecretString: { PasswordLength: 64, ExcludePunctuation: true },
    },
  },
});

const rootOfAccount: Value = {
  'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iam::', { Ref: 'AWS::AccountId' }, ':root']],
};

/** Lets the account's IAM policies decide about the key, as AWS's default key policy does. */
const accountMayDelegate: Value = {
  Effect: 'Allow',
  Principal: { AWS: rootOfAccount },
  Action: 'kms:*',
  Resource: '*',
};

/** The topic that operators subscribe to, and an alarm for each queue that should be empty. */
const alarms = (stage: string): Record<string, Resource> => ({
  AlarmTopic: { Type: 'AWS::SNS::Topic', ...retained, Properties: { TopicName: alarmTopicName(stage) } },
  ...queueAlarm(stage, 'deliveries-dead-letters', 'A delivery was set aside, or its job was received too often.'),
  ...queueAlarm(stage, 'deliveries-dead-letters.fifo', 'A delivery in order was skipped or set aside.'),
  ...queueAlarm(
    stage,
    'tasks-dead-letters',
    'A slice of a background task was set aside, or its job was received too often.',
  ),
  ...queueAlarm(stage, 'stream-failures', 'A trigger gave up on records. Their stream keeps them for 24 hours.'),
});

const streamOutputs = (stage: string): Record<string, Value> =>
  Object.fromEntries(
    tables
      .filter((table) => 'StreamSpecification' in toCloudFormation(stage, table))
      .map((table) => [
        `${logicalName(table)}Stream`,
        {
          Value: { 'Fn::GetAtt': [tableLogicalId(table), 'StreamArn'] },
          Export: { Name: streamExportName(stage, table) },
        },
      ]),
  );

const sharedOutputs = (stage: string): Record<string, Value> => ({
  SecretsKeyArn: { Value: { 'Fn::GetAtt': ['SecretsKey', 'Arn'] }, Export: { Name: secretsKeyExportName(stage) } },
  AlarmTopicArn: { Value: { Ref: 'AlarmTopic' }, Export: { Name: alarmTopicExportName(stage) } },
});
