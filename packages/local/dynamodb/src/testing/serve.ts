// A server as a process of its own, for tests that kill it: options as JSON in, its endpoint out.
import { startDynamodbEmbedded } from '../server.ts';

const { endpoint } = await startDynamodbEmbedded(JSON.parse(process.argv[2] ?? '{}'));
process.stdout.write(`${endpoint}\n`);
process.once('disconnect', () => process.exit());
