/** Is called for each answer of the API's server. The route is the one in the contract, or `none`. */
export type CountRequest = (route: string, statusCode: number, milliseconds: number) => void;

interface RouteTimes {
  count: number;
  seconds: number;
}

/** Counts requests by route and class of status, and adds up their time. */
export interface RequestCounts {
  readonly count: CountRequest;
  byStatus(): Iterable<readonly [labels: { readonly route: string; readonly status: string }, count: number]>;
  byRoute(): Iterable<readonly [route: string, times: Readonly<RouteTimes>]>;
}

export function createRequestCounts(): RequestCounts {
  const statuses = new Map<
    string,
    { readonly labels: { readonly route: string; readonly status: string }; count: number }
  >();
  const routes = new Map<string, RouteTimes>();
  return {
    count(route, statusCode, milliseconds) {
      const status = `${Math.floor(statusCode / 100)}xx`;
      const key = `${route} ${status}`;
      const known = statuses.get(key);
      if (known) known.count += 1;
      else statuses.set(key, { labels: { route, status }, count: 1 });
      const times = routes.get(route) ?? { count: 0, seconds: 0 };
      times.count += 1;
      times.seconds += milliseconds / 1_000;
      routes.set(route, times);
    },
    *byStatus() {
      for (const { labels, count } of statuses.values()) yield [labels, count];
    },
    byRoute: () => routes.entries(),
  };
}
