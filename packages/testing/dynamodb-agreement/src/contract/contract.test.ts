import { startDynamodbEmbedded } from '@posthorn/local-dynamodb/server';
import { findDynamodbLocal } from '../local.ts';
import { awsAlonePromises } from './aws-alone.ts';
import { contract } from './chapters.ts';
import { describeContract } from './contract.ts';

const startLocal = await findDynamodbLocal(false);
const startEmbedded = (shardsPerStream: number) => () =>
  startDynamodbEmbedded({ expiryIntervalMs: 100, shardsPerStream });

describeContract('the embedded store', startEmbedded(1), { ...contract, 'AWS alone': awsAlonePromises });
describeContract('the embedded store with several shards', startEmbedded(3), { streams: contract.streams });
if (startLocal !== undefined) describeContract('DynamoDB Local', startLocal, contract);
