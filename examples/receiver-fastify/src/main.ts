import { openDatabase } from './database.ts';
import { createReceiver } from './receiver.ts';
import { forgetOldMessages } from './sqlite-store.ts';

const { PORT = '9000', WEBHOOK_KEYS = '', DATABASE = 'receiver.db' } = process.env;

const database = openDatabase(DATABASE);
forgetOldMessages(database);
const address = await createReceiver(database, WEBHOOK_KEYS.split(',')).listen({ port: Number(PORT) });
process.stdout.write(`Receives messages at ${address}/webhooks\n`);
