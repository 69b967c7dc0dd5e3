/** What an endpoint does with a request that it does not accept. */
export const behaviours = [
  'accept',
  'status-500',
  'status-429',
  'status-301',
  'status-410',
  'reset-mid-body',
  'break-kept-connection',
  'hang',
  'drip',
  'endless-body',
  'gzip-bomb',
  'interim-flood',
  'down',
  'sometimes-500',
  'seldom-down',
  'slow',
  'lazy',
] as const;
export type Behaviour = (typeof behaviours)[number];

/** Where an endpoint is at the receiver, which reads from it how to behave. */
export interface EndpointPlan {
  readonly tenant: number;
  readonly name: string;
  readonly behaviour: Behaviour;
  /** How many requests for each message are not accepted. All if absent. */
  readonly times?: number;
}

export const toPath = ({ tenant, name, behaviour, times }: EndpointPlan): string =>
  `/${tenant}/${name}/${behaviour}/${times ?? 'always'}`;

/** @returns nothing if the path is not one of `toPath` */
export function readPath(path: string): EndpointPlan | undefined {
  const [, tenant, name = '', behaviour, times] = path.split('/');
  const known = behaviours.find((one) => one === behaviour);
  if (known === undefined) return undefined;
  return { tenant: Number(tenant), name, behaviour: known, ...(times !== 'always' && { times: Number(times) }) };
}

/**
 * While this file exists, endpoints that may be `down` are, and those that may be `seldom-down` refuse some messages.
 *
 * @param file - in which the receiver writes its requests
 */
export const outageFile = (file: string): string => `${file}.outage`;
