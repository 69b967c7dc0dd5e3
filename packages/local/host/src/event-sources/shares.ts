/** The most jobs in flight at a time. */
export interface ShareLimits {
  readonly total: number;
  /** For one application, and for one endpoint. */
  readonly application: number;
  readonly endpoint: number;
}

/** The application and the endpoint of a job. Each has a share of the jobs in flight. */
export interface Owner {
  readonly application: string;
  readonly endpoint: string;
}

/** Counts the jobs in flight. */
export interface Shares {
  /** How many more jobs may be in flight. */
  room(): number;
  mayStart(owner: Owner): boolean;
  start(owner: Owner): void;
  end(owner: Owner): void;
}

/**
 * Limits the jobs in flight of each application and each endpoint to a share of all, so that an endpoint that hangs takes
 * no room from other applications.
 */
export function createShares(limits: ShareLimits): Shares {
  const applications = new Map<string, number>();
  const endpoints = new Map<string, number>();
  let total = 0;
  return {
    room: () => limits.total - total,
    mayStart: ({ application, endpoint }) =>
      total < limits.total &&
      (applications.get(application) ?? 0) < limits.application &&
      (endpoints.get(endpoint) ?? 0) < limits.endpoint,
    start({ application, endpoint }) {
      total += 1;
      add(applications, application, 1);
      add(endpoints, endpoint, 1);
    },
    end({ application, endpoint }) {
      total -= 1;
      add(applications, application, -1);
      add(endpoints, endpoint, -1);
    },
  };
}

function add(counts: Map<string, number>, key: string, difference: number): void {
  const count = (counts.get(key) ?? 0) + difference;
  if (count === 0) counts.delete(key);
  else counts.set(key, count);
}
