// Request types of the operations that dynalite lacks, in dynalite's notation.

const name = '[a-zA-Z0-9_.-]+';
const optionalTable = { type: 'String', regex: name, lengthGreaterThanOrEqual: 3, lengthLessThanOrEqual: 255 };
const tableName = { ...optionalTable, notNull: true };
const requiredTable = { type: 'String', required: true, tableName: true, regex: name };
const attributes = { type: 'Map<AttributeValue>', children: 'AttrStruct<ValueStruct>' };
const names = { type: 'Map<java.lang.String>', children: 'String' };
const consumedCapacity = { type: 'String', enum: ['INDEXES', 'TOTAL', 'NONE'] };
const optionalArn = { type: 'String', lengthGreaterThanOrEqual: 37, lengthLessThanOrEqual: 1_024 };
const streamArn = { ...optionalArn, notNull: true };

export const returnValuesOnFailure = { type: 'String', enum: ['ALL_OLD', 'NONE'] };

export const streamSpecification = {
  StreamSpecification: {
    type: 'FieldStruct<StreamSpecification>',
    children: {
      StreamEnabled: { type: 'Boolean', notNull: true },
      StreamViewType: {
        type: 'String',
        enum: ['NEW_IMAGE', 'OLD_IMAGE', 'NEW_AND_OLD_IMAGES', 'KEYS_ONLY'],
      },
    },
  },
};

export const attributeDefinitions = {
  AttributeDefinitions: {
    type: 'List',
    children: {
      type: 'ValueStruct<AttributeDefinition>',
      children: {
        AttributeName: { type: 'String', notNull: true },
        AttributeType: { type: 'String', notNull: true, enum: ['B', 'N', 'S'] },
      },
    },
  },
};

export const tableOptions = { DeletionProtectionEnabled: 'Boolean' };

export const tags = {
  Tags: { type: 'List', children: { type: 'ValueStruct<Tag>', children: { Key: 'String', Value: 'String' } } },
};

export const updateTimeToLive = {
  TableName: requiredTable,
  TimeToLiveSpecification: {
    type: 'FieldStruct<TimeToLiveSpecification>',
    notNull: true,
    children: {
      Enabled: { type: 'Boolean', notNull: true },
      AttributeName: {
        type: 'String',
        notNull: true,
        lengthGreaterThanOrEqual: 1,
        lengthLessThanOrEqual: 255,
      },
    },
  },
};

const condition = {
  TableName: tableName,
  ConditionExpression: 'String',
  ExpressionAttributeNames: names,
  ExpressionAttributeValues: attributes,
  ReturnValuesOnConditionCheckFailure: returnValuesOnFailure,
};
const requiredAttributes = { ...attributes, notNull: true };
const part = (type: string, children: object) => ({ type: `FieldStruct<${type}>`, children });
const transactItems = (type: string, children: object) => ({
  type: 'List',
  notNull: true,
  lengthGreaterThanOrEqual: 1,
  lengthLessThanOrEqual: 100,
  children: { type: `ValueStruct<${type}>`, children },
});

export const transactWriteItems = {
  ReturnConsumedCapacity: consumedCapacity,
  ReturnItemCollectionMetrics: { type: 'String', enum: ['SIZE', 'NONE'] },
  ClientRequestToken: { type: 'String', lengthGreaterThanOrEqual: 1, lengthLessThanOrEqual: 36 },
  TransactItems: transactItems('TransactWriteItem', {
    ConditionCheck: part('ConditionCheck', {
      ...condition,
      Key: requiredAttributes,
      ConditionExpression: { type: 'String', notNull: true },
    }),
    Put: part('Put', { ...condition, Item: requiredAttributes }),
    Delete: part('Delete', { ...condition, Key: requiredAttributes }),
    Update: part('Update', {
      ...condition,
      Key: requiredAttributes,
      UpdateExpression: { type: 'String', notNull: true },
    }),
  }),
};

export const transactGetItems = {
  ReturnConsumedCapacity: consumedCapacity,
  TransactItems: transactItems('TransactGetItem', {
    Get: {
      ...part('Get', {
        TableName: tableName,
        Key: requiredAttributes,
        ProjectionExpression: 'String',
        ExpressionAttributeNames: names,
      }),
      notNull: true,
    },
  }),
};

export const listStreams = {
  TableName: optionalTable,
  Limit: { type: 'Integer', greaterThanOrEqual: 1, lessThanOrEqual: 100 },
  ExclusiveStartStreamArn: optionalArn,
};

export const describeStream = {
  StreamArn: streamArn,
  Limit: { type: 'Integer', greaterThanOrEqual: 1, lessThanOrEqual: 100 },
  ExclusiveStartShardId: { type: 'String', lengthGreaterThanOrEqual: 28, lengthLessThanOrEqual: 65 },
};

export const getShardIterator = {
  StreamArn: streamArn,
  ShardId: { type: 'String', notNull: true, lengthGreaterThanOrEqual: 28, lengthLessThanOrEqual: 65 },
  ShardIteratorType: {
    type: 'String',
    notNull: true,
    enum: ['TRIM_HORIZON', 'LATEST', 'AT_SEQUENCE_NUMBER', 'AFTER_SEQUENCE_NUMBER'],
  },
  SequenceNumber: { type: 'String', lengthGreaterThanOrEqual: 21, lengthLessThanOrEqual: 40 },
};

export const getRecords = {
  ShardIterator: { type: 'String', notNull: true, lengthGreaterThanOrEqual: 1, lengthLessThanOrEqual: 2_048 },
  Limit: { type: 'Integer', greaterThanOrEqual: 1, lessThanOrEqual: 1_000 },
};
