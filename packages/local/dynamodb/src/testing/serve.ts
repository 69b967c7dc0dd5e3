// Runs a server in its own process, for tests that kill it. The argument is its options as JSON. It prints its
// endpoint.
import { startDynamodbEmbedded } from '../server.ts';

const { endpoint } = await startDynamodbEmbedded(JSON.parse(process.argv[2] ?? '{}'));
process.stdout.write(`${endpoint}\n`);
process.once('disconnect', () => process.exit());
