import { type Queue, queueName } from '@posthorn/contracts';
import { logicalName, type Resource } from './cloudformation.ts';

/** The topic that every alarm tells: operators subscribe to it. */
export const alarmTopicName = (stage: string): string => `posthorn-${stage}-alarms`;
export const alarmTopicExportName = (stage: string): string => `${alarmTopicName(stage)}-arn`;

/** An alarm as soon as anything lies in a queue that should be empty; in the template that has the topic. */
export const queueAlarm = (stage: string, queue: Queue, description: string): Record<string, Resource> => ({
  [`${logicalName(queue)}Alarm`]: {
    Type: 'AWS::CloudWatch::Alarm',
    Properties: {
      AlarmName: `${queueName(stage, queue)}-not-empty`,
      AlarmDescription: description,
      Namespace: 'AWS/SQS',
      MetricName: 'ApproximateNumberOfMessagesVisible',
      Dimensions: [{ Name: 'QueueName', Value: queueName(stage, queue) }],
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

/** An alarm when a stream's function falls behind: its records live 24 hours. */
export const iteratorAgeAlarm = ({
  functionName,
  name,
  stage,
}: {
  functionName: string;
  name: string;
  stage: string;
}): Record<string, Resource> => ({
  [`${name}IteratorAgeAlarm`]: {
    Type: 'AWS::CloudWatch::Alarm',
    Properties: {
      AlarmName: `${functionName}-behind`,
      AlarmDescription: 'The trigger is more than five minutes behind its stream, whose records live 24 hours.',
      Namespace: 'AWS/Lambda',
      MetricName: 'IteratorAge',
      Dimensions: [{ Name: 'FunctionName', Value: functionName }],
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
