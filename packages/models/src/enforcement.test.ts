import { describeEnforcementRepository } from '@posthorn/testing/contract/enforcement-repository';
import { createEnforcementChecks, createEnforcementRepository } from './enforcement.ts';
import { createEventTypeRepository } from './event-types.ts';
import { createTestStore } from './test-store.ts';
import { createTokenChecks } from './token-checks.ts';
import { createTokenRepository } from './tokens.ts';

describeEnforcementRepository('in DynamoDB', async () => {
  const store = await createTestStore('event-types', 'tokens');
  return {
    enforcement: createEnforcementRepository(store),
    checks: createEnforcementChecks(store),
    eventTypes: createEventTypeRepository(store),
    tokens: createTokenRepository(store),
    findVersions: createTokenChecks(store).findVersions,
  };
});
