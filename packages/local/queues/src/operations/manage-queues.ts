import { account, type QueueDefinition } from '../definition.ts';
import { purge } from '../queue/purge.ts';
import { type Input, type Operation, type RequestContext, requireQueue } from './context.ts';
import { missing, queueDoesNotExist, SqsFailure } from './failure.ts';
import { attributesOf, withAttributes } from './queue-attributes.ts';

const urlOf = ({ endpoint }: RequestContext, name: string): string => `${endpoint}/${account}/${name}`;

export const getQueueUrl: Operation = async ({ queues }, { QueueName: name }, request) => {
  if (typeof name !== 'string' || name === '') throw missing('QueueName');
  if (!queues.has(name)) throw queueDoesNotExist();
  return { QueueUrl: urlOf(request, name) };
};

export const listQueues: Operation = async ({ queues }, { QueueNamePrefix: prefix = '' }, request) => {
  const names = [...queues.keys()].filter((name) => name.startsWith(String(prefix))).sort();
  return names.length === 0 ? {} : { QueueUrls: names.map((name) => urlOf(request, name)) };
};

export const createQueue: Operation = async (context, input, request) => {
  const { QueueName: name } = input;
  if (typeof name !== 'string' || name === '') throw missing('QueueName');
  if (!/^[\w-]{1,80}$/.test(name.replace(/\.fifo$/, '')) || name.length > 80)
    throw new SqsFailure(
      'InvalidParameterValue',
      'Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length',
    );
  const attributes = attributesIn(input);
  if (name.endsWith('.fifo') && attributes.FifoQueue === undefined)
    throw new SqsFailure('InvalidParameterValue', 'The name of a standard queue must not end with .fifo');
  const existing = context.queues.get(name);
  const fifo: Pick<QueueDefinition, 'fifo'> = name.endsWith('.fifo') ? { fifo: true } : {};
  const definition = withAttributes(context, existing?.definition ?? { name, ...fifo }, attributes);
  if (existing === undefined) await context.define(definition);
  else if (JSON.stringify(sorted(definition)) !== JSON.stringify(sorted(existing.definition)))
    throw new SqsFailure('QueueNameExists', 'A queue already exists with the same name and a different value.');
  return { QueueUrl: urlOf(request, name) };
};

const sorted = (definition: QueueDefinition) => Object.entries(definition).sort(([a], [b]) => (a < b ? -1 : 1));

export const getQueueAttributes: Operation = async (context, input) => {
  const queue = requireQueue(context, input);
  const names = Array.isArray(input.AttributeNames) ? input.AttributeNames.map(String) : [];
  const chosen = Object.entries(attributesOf(queue, context.region)).filter(
    ([name]) => names.includes('All') || names.includes(name),
  );
  return chosen.length === 0 ? {} : { Attributes: Object.fromEntries(chosen) };
};

export const setQueueAttributes: Operation = async (context, input) => {
  const queue = requireQueue(context, input);
  await context.define(withAttributes(context, queue.definition, attributesIn(input)));
  return {};
};

export const purgeQueue: Operation = async (context, input) => {
  await purge(requireQueue(context, input));
  return {};
};

function attributesIn({ Attributes }: Input): Input {
  if (Attributes === undefined || Attributes === null) return {};
  if (typeof Attributes !== 'object')
    throw new SqsFailure('InvalidParameterValue', 'Attributes must be an object with names and values.');
  return Attributes as Input;
}
