import dynamoose from 'dynamoose';
import type { Item } from 'dynamoose/dist/Item.js';
import { refusalOf, say, startLocalTables } from './local-tables.ts';

const { settings, stop } = await startLocalTables();
dynamoose.aws.ddb.set(new dynamoose.aws.ddb.DynamoDB(settings));

interface EventType extends Item {
  organisationId: string;
  name: string;
  description: string;
  archived: boolean;
}

const schema = new dynamoose.Schema({
  organisationId: { type: String, hashKey: true, required: true },
  name: { type: String, rangeKey: true, required: true },
  description: { type: String, required: true, validate: (text: string) => text.length <= 100 },
  archived: { type: Boolean, default: false },
});
const EventTypes = dynamoose.model<EventType>('event-types', schema);
await new dynamoose.Table('event-types', [EventTypes], { initialize: false }).initialize();

const paid = { organisationId: 'org_1', name: 'order.paid', description: 'An order was paid' };

const created = await EventTypes.create({ ...paid, colour: 'red' } as Partial<EventType>);
say(`created: ${JSON.stringify(created)}`);
say(`colour was stored: ${'colour' in (await EventTypes.get(paid)).toJSON()}`);
say(`a second one: ${(await refusalOf(EventTypes.create(paid))).split(':')[0]}`);
say(`a wrong type: ${await refusalOf(EventTypes.create({ ...paid, archived: 'no' } as never))}`);
say(`no description: ${await refusalOf(EventTypes.create({ organisationId: 'org_1', name: 'x' }))}`);

// An update writes, whether or not there is an item. A condition says what must be there.
const absent = { organisationId: 'org_1', name: 'order.lost' };
await EventTypes.update(absent, { archived: true });
say(`an update of nothing made: ${JSON.stringify(await EventTypes.get(absent))}`);
const exists = new dynamoose.Condition('name').exists();
const other = { organisationId: 'org_1', name: 'order.sent' };
const refused = refusalOf(EventTypes.update(other, { archived: true }, { condition: exists }));
say(`with a condition: ${(await refused).split(':')[0]}`);

const live = await EventTypes.query('organisationId').eq('org_1').filter('archived').eq(false).exec();
say(`live: ${live.map(({ name }) => name)}`);
await stop();
