import { queueName, streamExportName } from '@posthorn/contracts';
import { arn, type Value } from './cloudformation.ts';
import type {
  FunctionDefinition,
  FunctionEvent,
  QueueEvent,
  ServiceDefinition,
  SourceStreamEvent,
  StreamEvent,
} from './function-definition.ts';
import { functionKey, roleLogicalId } from './function-names.ts';

/** A value of serverless.yml. */
type ServerlessValue = Readonly<Record<string, Value>>;

/** The `functions` of a service's serverless.yml, for one stage. */
export const toServerlessFunctions = (
  { functions }: ServiceDefinition,
  stage: string,
): Readonly<Record<string, ServerlessValue>> =>
  Object.fromEntries(
    Object.entries(functions).map(([folder, definition]) => [
      functionKey(folder),
      toServerlessFunction(folder, definition, stage),
    ]),
  );

// biome-ignore lint/suspicious/noTemplateCurlyInString: Serverless resolves it.
const quietEnvironment = { POWERTOOLS_LOG_LEVEL: "${env:POWERTOOLS_LOG_LEVEL, 'WARN'}" };

const toServerlessFunction = (
  folder: string,
  { timeoutSeconds, memoryMb, isBusy = false, events }: FunctionDefinition,
  stage: string,
): ServerlessValue => ({
  handler: `src/${folder}/handler.handler`,
  role: roleLogicalId(folder),
  timeout: timeoutSeconds,
  memorySize: memoryMb,
  ...(isBusy && { environment: quietEnvironment }),
  events: events.map((event) => toServerlessEvent(event, stage)),
});

function toServerlessEvent(event: FunctionEvent, stage: string): ServerlessValue {
  switch (event.kind) {
    case 'route':
      return { httpApi: `${event.method} ${event.path}` };
    case 'fallback-route':
      return { httpApi: '*' };
    case 'queue':
      return { sqs: toQueueSource(event, stage) };
    case 'stream':
      return { stream: toStreamSource(event, { 'Fn::ImportValue': streamExportName(stage, event.table) }, stage) };
    case 'source-stream':
      return { stream: toStreamSource(event, event.streamArn, stage) };
    case 'schedule':
      return { schedule: toRate(event.everyMinutes) };
  }
}

const toQueueSource = ({ queue, batchSize, maximumConcurrency }: QueueEvent, stage: string): ServerlessValue => ({
  arn: arn('sqs', queueName(stage, queue)),
  batchSize,
  maximumConcurrency,
  functionResponseType: 'ReportBatchItemFailures',
});

/**
 * Only its age ends the retries of a record, so that an outage loses nothing. This is also the default; it is written
 * into the template because an update that leaves the value out may keep the old one.
 */
const noRetryLimit = -1;

/** Batches are split for failures that a function cannot report (out of time or memory): a smaller batch may succeed. */
const toStreamSource = (event: StreamEvent | SourceStreamEvent, source: Value, stage: string): ServerlessValue => ({
  type: 'dynamodb',
  arn: source,
  startingPosition: 'TRIM_HORIZON',
  batchSize: event.batchSize,
  ...(event.batchWindowSeconds === 0 ? {} : { batchWindow: event.batchWindowSeconds }),
  maximumRetryAttempts: noRetryLimit,
  maximumRecordAgeInSeconds: event.maximumRecordAgeSeconds,
  bisectBatchOnFunctionError: true,
  functionResponseType: 'ReportBatchItemFailures',
  filterPatterns: event.filterPatterns,
  destinations: { onFailure: { type: 'sqs', arn: arn('sqs', queueName(stage, event.onFailureQueue)) } },
});

const toRate = (minutes: number): string => `rate(${minutes} ${minutes === 1 ? 'minute' : 'minutes'})`;
