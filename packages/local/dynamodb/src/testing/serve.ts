// Runs a server in its own process, for tests that kill it. The arguments are its options and its faults as JSON. It
// prints its endpoint.
import { startDynamodbEmbedded } from '../server.ts';

const [, , options = '{}', plan] = process.argv;
const { endpoint, faults } = await startDynamodbEmbedded(JSON.parse(options));
if (plan !== undefined) faults.set(JSON.parse(plan));
process.stdout.write(`${endpoint}\n`);
process.once('disconnect', () => process.exit());
