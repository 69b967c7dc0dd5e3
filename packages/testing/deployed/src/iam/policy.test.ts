import { type Access, isAllowed, readPolicy } from './policy.ts';

const table = 'arn:aws:dynamodb:us-east-1:1:table/rows';
const aPolicy = (...statements: object[]) =>
  readPolicy(JSON.stringify({ Version: '2012-10-17', Statement: statements }));
const allow = (Action: string | string[], Resource: string | string[]) => ({ Effect: 'Allow', Action, Resource });
const access = (action: string, resource = table): Access => ({ action, resource });

describe('a policy', () => {
  it('allows what a statement names', () => {
    expect(isAllowed(aPolicy(allow('dynamodb:PutItem', table)), access('dynamodb:PutItem'))).toBe(true);
  });

  it.each([
    ['another action', access('dynamodb:DeleteItem')],
    ['another resource', access('dynamodb:PutItem', `${table}s`)],
    ['an index of the table', access('dynamodb:PutItem', `${table}/index/byName`)],
    ['a resource of another account', access('dynamodb:PutItem', table.replace(':1:', ':2:'))],
    ['an action with a longer name', access('dynamodb:PutItems')],
  ])('does not allow %s', (_, other) => {
    expect(isAllowed(aPolicy(allow('dynamodb:PutItem', table)), other)).toBe(false);
  });

  it('allows nothing when it is empty', () => {
    expect(isAllowed([], access('dynamodb:PutItem'))).toBe(false);
  });

  it('does not join the action of one statement with the resource of another', () => {
    const policy = aPolicy(allow('dynamodb:PutItem', `${table}-other`), allow('dynamodb:GetItem', table));
    expect(isAllowed(policy, access('dynamodb:PutItem'))).toBe(false);
  });

  it.each([
    ['dynamodb:*', table, true],
    ['dynamodb:Put*', table, true],
    ['DYNAMODB:putitem', table, true],
    ['dynamodb:Get*', table, false],
    ['dynamodb:PutItem', '*', true],
    ['dynamodb:PutItem', 'arn:aws:dynamodb:*:1:table/*', true],
    ['dynamodb:PutItem', 'arn:aws:dynamodb:us-east-1:1:table/row?', true],
    ['dynamodb:PutItem', 'arn:aws:dynamodb:us-east-1:1:table/rows?', false],
    ['dynamodb:PutItem', table.toUpperCase(), false],
    ['dynamodb:PutItem', 'arn:aws:dynamodb:us-east-1:1:table.rows', false],
  ])('with the action %s on %s: allowed is %s', (action, resource, allowed) => {
    expect(isAllowed(aPolicy(allow(action, resource)), access('dynamodb:PutItem'))).toBe(allowed);
  });

  it('allows any of several actions on any of several resources', () => {
    const policy = aPolicy(allow(['dynamodb:GetItem', 'dynamodb:PutItem'], ['arn:aws:x', table]));
    expect(isAllowed(policy, access('dynamodb:PutItem'))).toBe(true);
  });

  it('denies an action that is denied and allowed', () => {
    const policy = aPolicy(allow('dynamodb:*', '*'), { Effect: 'Deny', Action: 'dynamodb:PutItem', Resource: table });
    expect(isAllowed(policy, access('dynamodb:PutItem'))).toBe(false);
    expect(isAllowed(policy, access('dynamodb:GetItem'))).toBe(true);
  });

  it('is an error if it has an element that is not evaluated', () => {
    const conditional = { ...allow('dynamodb:PutItem', table), Condition: { Bool: { 'aws:SecureTransport': 'true' } } };
    expect(() => aPolicy(conditional)).toThrow('Condition');
    expect(() => aPolicy({ Effect: 'Allow', NotAction: 'iam:*', Resource: '*' })).toThrow('NotAction');
  });
});
