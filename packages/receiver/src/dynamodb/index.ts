export { dynamodbOrderStore } from './dynamodb-order-store.ts';
export {
  type DynamodbClient,
  type DynamodbStore,
  type DynamodbStoreOptions,
  dynamodbStore,
} from './dynamodb-store.ts';
export type { MarshalledUpdate, PlainUpdate } from './update.ts';
