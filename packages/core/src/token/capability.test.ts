import {
  type Capability,
  capabilities,
  grantedCapabilities,
  hasCapability,
  integrationCapabilities,
} from './capability.ts';

describe('a token', () => {
  it('without a list may do everything', () => {
    for (const needed of [...capabilities, undefined]) expect(hasCapability(undefined, needed)).toBe(true);
  });

  it('with every capability may not do what needs a token without a list', () => {
    expect(hasCapability(capabilities, undefined)).toBe(false);
  });

  it.each([
    ['ViewBase', []],
    ['ViewEndpointSecret', []],
    ['ManageEndpointSecret', ['ViewEndpointSecret']],
    ['ManageTransformations', []],
    ['CreateAttempts', []],
    ['ManageEndpoint', ['ViewEndpointSecret', 'ManageEndpointSecret']],
  ] satisfies [Capability, Capability[]][])('with %s may also do what needs %j, and no more', (held, more) => {
    const may = capabilities.filter((needed) => hasCapability([held], needed));
    expect(new Set(may)).toEqual(new Set([held, ...more]));
  });

  it('of an integration manages endpoints with their secrets, and sends nothing', () => {
    const may = capabilities.filter((needed) => hasCapability(integrationCapabilities, needed));
    expect(may).toEqual(['ViewBase', 'ViewEndpointSecret', 'ManageEndpointSecret', 'ManageEndpoint']);
  });
});

describe('a new token', () => {
  it.each([
    ['has no restriction by default', {}, undefined],
    ['has no restriction for null', { capabilities: null, readOnly: null }, undefined],
    [
      'has the capabilities of the list, once each',
      { capabilities: ['ViewBase', 'CreateAttempts', 'ViewBase'] },
      ['ViewBase', 'CreateAttempts'],
    ],
    ['only reads, and no secrets, if it is read-only', { readOnly: true }, ['ViewBase']],
    [
      'reads secrets too if it is read-only and the list says so',
      { readOnly: true, capabilities: ['ViewBase', 'ViewEndpointSecret', 'ManageEndpoint'] },
      ['ViewBase', 'ViewEndpointSecret'],
    ],
  ] satisfies [string, Parameters<typeof grantedCapabilities>[0], Capability[] | undefined][])(
    '%s',
    (_, asked, granted) => {
      expect(grantedCapabilities(asked)).toEqual(granted);
    },
  );
});
