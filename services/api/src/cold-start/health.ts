/** Whether messages can be accepted. If not, the reason is a sentence that everybody may read. */
export type Health = { readonly kind: 'healthy' } | { readonly kind: 'unhealthy'; readonly reason: string };

export type CheckHealth = () => Health;

/** On AWS, alarms watch the tables and queues. All that the function knows is that it runs. */
export const lambdaHealth: CheckHealth = () => ({ kind: 'healthy' });
