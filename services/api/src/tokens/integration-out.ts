import type { IntegrationOut } from '@posthorn/contracts/api/integration';
import type { Integration } from '@posthorn/core';

/** An integration in a response. */
export const toIntegrationOut = (integration: Integration): IntegrationOut => ({
  id: integration.integrationId,
  name: integration.name,
  featureFlags: [...integration.featureFlags],
  createdAt: integration.createdAt.toISOString(),
  updatedAt: integration.updatedAt.toISOString(),
});
