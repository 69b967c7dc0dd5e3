// Runs a server in its own process, for tests that kill it. The arguments are its options and its faults as JSON, and a
// file to which it appends the kind of each fault that happens, one a line. It prints its endpoint.
import { appendFileSync } from 'node:fs';
import { startDynamodbEmbedded } from '../server.ts';

const [, , options = '{}', plan, file] = process.argv;
const { endpoint, faults } = await startDynamodbEmbedded(JSON.parse(options));
if (plan !== undefined) faults.set(JSON.parse(plan), (kind) => file !== undefined && appendFileSync(file, `${kind}\n`));
process.stdout.write(`${endpoint}\n`);
process.once('disconnect', () => process.exit());
