import { startDynamodbEmbedded } from '@posthorn/local-dynamodb/server';
import { findDynamodbLocal } from '../local.ts';
import { openInProcess, openStore } from '../store.ts';
import { awsAlonePromises } from './aws-alone.ts';
import { contract } from './chapters.ts';
import { describeContract } from './contract.ts';

const startLocal = await findDynamodbLocal(false);
const onlyAws = { ...contract, 'AWS alone': awsAlonePromises };
const options = (shardsPerStream: number) => ({ expiryIntervalMs: 100, shardsPerStream });
const openEmbedded = (shardsPerStream: number) => () =>
  openStore(() => startDynamodbEmbedded(options(shardsPerStream)));

describeContract('the embedded store', openEmbedded(1), onlyAws);
describeContract('the embedded store in process', () => openInProcess(options(1)), onlyAws);
describeContract('the embedded store with several shards', openEmbedded(3), { streams: contract.streams });
if (startLocal !== undefined) describeContract('DynamoDB Local', () => openStore(startLocal), contract);
