/** Options of serverless-offline, from the command line and `custom.serverless-offline`. */
export type OfflineOptions = Readonly<Record<string, unknown>>;

const defaultHttpPort = 3_000;
const defaultLambdaPort = 3_002;

export const httpPortOf = ({ httpPort }: OfflineOptions): number => Number(httpPort ?? defaultHttpPort);

/** Returns the ports on which serverless-offline listens when a service with these events is ready. */
export function portsOf(events: readonly object[], options: OfflineOptions): readonly number[] {
  const hasHttp = events.some((event) => 'http' in event || 'httpApi' in event);
  return [Number(options.lambdaPort ?? defaultLambdaPort), ...(hasHttp ? [httpPortOf(options)] : [])];
}

/** Joins lists of ports such as `8071,9000`. Each port is in the result once. */
export const joinPorts = (...lists: readonly (string | undefined)[]): string => {
  const ports = lists.flatMap((list = '') => list.split(',')).map((port) => port.trim());
  return [...new Set(ports)].filter(Boolean).join(',');
};
