import { type RunHandlerDeps, runHandler } from './run-handler.ts';

const firstRun: Parameters<typeof runHandler>[1] = {
  code: 'function handler(webhook) { return { ...webhook, payload: [webhook.payload] } }',
  variables: {},
  webhook: { method: 'POST', url: 'https://example.com/', body: '{}', eventType: 'a', headers: {} },
};

/**
 * Runs code of our own in a new sandbox, so that the compilation of what a run uses is not charged to a tenant's run.
 *
 * @throws Error if the run failed, or the sandbox must not be used again
 */
export function warmUp(deps: RunHandlerDeps): void {
  const { result, isSpent } = runHandler(deps, firstRun);
  if (result.kind === 'failed') throw new Error(`The first run of a sandbox failed: ${result.reason}`);
  if (result.kind !== 'changed' || isSpent) throw new Error('The first run of a sandbox has not left it as it must be');
}
