export type { CheckPayloads, KeyedSchemas } from './create-payload-check.ts';
export { createPayloadCheck, toKeyedSchemas } from './create-payload-check.ts';
