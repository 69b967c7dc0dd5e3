import { startDynamodbEmbedded } from '../../server.ts';
import { findDynamodbLocal } from '../local.ts';
import { contract } from './chapters.ts';
import { describeContract } from './contract.ts';

const startLocal = await findDynamodbLocal();

describeContract('the embedded store', () => startDynamodbEmbedded({ expiryIntervalMs: 100 }), contract);
if (startLocal !== undefined) describeContract('DynamoDB Local', startLocal, contract);
