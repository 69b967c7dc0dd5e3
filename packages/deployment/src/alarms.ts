import { type Queue, queueName } from '@posthorn/contracts';
import { attributeOf, logicalName, queueLogicalId, type Resource } from './cloudformation.ts';
import { functionLogicalId, functionName } from './function-names.ts';

/** The topic that every alarm notifies. Operators subscribe to it. */
export const alarmTopicName = (stage: string): string => `posthorn-${stage}-alarms`;
export const alarmTopicExportName = (stage: string): string => `${alarmTopicName(stage)}-arn`;

/**
 * An alarm as soon as a queue that should be empty has a message. For the template that has the queue and the topic.
 */
export const queueAlarm = (stage: string, queue: Queue, description: string): Record<string, Resource> => ({
  [`${logicalName(queue)}Alarm`]: {
    Type: 'AWS::CloudWatch::Alarm',
    Properties: {
      AlarmName: `${queueName(stage, queue)}-not-empty`,
      AlarmDescription: description,
      Namespace: 'AWS/SQS',
      MetricName: 'ApproximateNumberOfMessagesVisible',
      Dimensions: [{ Name: 'QueueName', Value: attributeOf(queueLogicalId(queue), 'QueueName') }],
      Statistic: 'Maximum',
      Period: 60,
      EvaluationPeriods: 1,
      Threshold: 0,
      ComparisonOperator: 'GreaterThanThreshold',
      TreatMissingData: 'notBreaching',
      AlarmActions: [{ Ref: 'AlarmTopic' }],
    },
  },
});

/**
 * An alarm when a stream's function falls behind: a stream keeps its records for 24 hours.
 *
 * @param service - the service's name in serverless.yml
 */
export const iteratorAgeAlarm = (service: string, stage: string, folder: string): Record<string, Resource> => ({
  [`${logicalName(folder)}IteratorAgeAlarm`]: {
    Type: 'AWS::CloudWatch::Alarm',
    Properties: {
      AlarmName: `${functionName(service, stage, folder)}-behind`,
      AlarmDescription: 'The trigger is more than five minutes behind its stream, which keeps records for 24 hours.',
      Namespace: 'AWS/Lambda',
      MetricName: 'IteratorAge',
      Dimensions: [{ Name: 'FunctionName', Value: { Ref: functionLogicalId(folder) } }],
      Statistic: 'Maximum',
      Period: 60,
      EvaluationPeriods: 5,
      Threshold: 300_000,
      ComparisonOperator: 'GreaterThanThreshold',
      TreatMissingData: 'notBreaching',
      AlarmActions: [{ 'Fn::ImportValue': alarmTopicExportName(stage) }],
    },
  },
});
