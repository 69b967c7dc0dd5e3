import { readFileSync } from 'node:fs';
import { dataResources } from '../../../services/data/resources.ts';
import { earlierTemplateFile } from './testing/earlier-template.ts';

interface Template {
  readonly Resources: Readonly<Record<string, { readonly Type: string; readonly Properties: Properties }>>;
  readonly Outputs: Readonly<Record<string, unknown>>;
}
type Properties = Readonly<Record<string, unknown>>;

const earlier = JSON.parse(readFileSync(earlierTemplateFile, 'utf8')) as Template;
// The functions of a template are plain data.
const present = dataResources('upgraded') as unknown as Template;

/** CloudFormation replaces a resource if one of these changes: it creates an empty one, and keeps the old one aside. */
const identity = [
  'TableName',
  'KeySchema',
  'QueueName',
  'FifoQueue',
  'AliasName',
  'TargetKeyId',
  'Name',
  'TopicName',
  'AlarmName',
];
const identityOf = ({ Type, Properties }: Template['Resources'][string]) => ({
  Type,
  Properties: Object.fromEntries(Object.entries(Properties).filter(([name]) => identity.includes(name))),
});

describe('an update of the data stack of an earlier version', () => {
  it.each(Object.keys(earlier.Resources))('replaces nothing: %s', (logicalId) => {
    const [before, after] = [earlier.Resources[logicalId], present.Resources[logicalId]];
    expect(after && identityOf(after)).toEqual(before && identityOf(before));
  });

  it('keeps the streams that tables have: another view type is another stream, and unread records are lost', () => {
    const streamsOf = ({ Resources }: Template) =>
      Object.fromEntries(
        Object.entries(Resources).flatMap(([id, { Properties }]) =>
          Properties.StreamSpecification ? [[id, Properties.StreamSpecification]] : [],
        ),
      );
    expect(streamsOf(earlier)).toEqual({
      MessagesTable: { StreamViewType: 'NEW_IMAGE' },
      AttemptsTable: { StreamViewType: 'NEW_IMAGE' },
    });
    expect(streamsOf(present)).toMatchObject(streamsOf(earlier));
    expect(streamsOf(present)).toMatchObject({
      EndpointsTable: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
      ApplicationsTable: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
    });
  });

  it('keeps all exports: a stack that imports one would hold up the update', () => {
    expect(present.Outputs).toMatchObject(earlier.Outputs);
  });

  it('changes at most one index of a table, as DynamoDB requires', () => {
    const indexesOf = ({ Properties }: Template['Resources'][string]) =>
      ((Properties.GlobalSecondaryIndexes ?? []) as readonly { readonly IndexName: string }[]).map(
        ({ IndexName }) => IndexName,
      );
    for (const [id, before] of Object.entries(earlier.Resources)) {
      const after = present.Resources[id];
      const [old, own] = [new Set(indexesOf(before)), new Set(after ? indexesOf(after) : [])];
      expect(old.symmetricDifference(own).size).toBeLessThanOrEqual(1);
    }
  });
});
