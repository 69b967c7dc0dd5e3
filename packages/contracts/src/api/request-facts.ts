/** What every answer has in common, whether a function gives it or the HTTP server of one machine. */

/** Lets pages of any origin read an answer with its headers: callers are known by a token, never by a cookie. */
export const anyOrigin = { 'access-control-allow-origin': '*', 'access-control-expose-headers': '*' } as const;

/** Short, and without anything that a log or a header could misunderstand. */
const form = /^[\w.-]{1,64}$/;

/** The id that the client gave the request, as SDKs do (`svix-req-id`); `undefined` if it is not fit to be repeated. */
export const sentRequestIdOf = (id: string | string[] | undefined): string | undefined =>
  typeof id === 'string' && form.test(id) ? id : undefined;

/** A line of the access log: what was asked, by whom, and how it ended. No query, header or body. */
export interface AnsweredRequest {
  /** The operation, once its route was found. */
  readonly operation?: string | undefined;
  /** Absent if the request could not be read. */
  readonly method?: string | undefined;
  /** The path of the operation, without values. If no operation was found, the beginning of the path that was asked for. */
  readonly path?: string | undefined;
  readonly requestId: string;
  readonly sentRequestId?: string | undefined;
  readonly organisationId?: string | undefined;
  /** The application that the token is limited to. */
  readonly applicationId?: string | undefined;
  /** The application in the path: its id or uid. */
  readonly application?: string | undefined;
  readonly status: number | undefined;
  /** The code of the refusal, if no function has answered. */
  readonly reason?: string | undefined;
  readonly durationMs: number;
}

/** The longest path of a request that no operation serves, in a line. */
const longestPath = 200;

export const shortened = (path: string): string =>
  path.length > longestPath ? `${path.slice(0, longestPath)}…` : path;

const event = { level: 'INFO', message: 'request.answered' } as const;

/** What each line of the access log begins with. */
const accessLineStart = JSON.stringify(event).slice(0, -1);

/** Writes a line as all other lines of the log are, without the end of the line. */
export const toAccessLine = (service: string, request: AnsweredRequest, now: Date): string =>
  JSON.stringify({ ...event, timestamp: now, service, ...request });

const droppedEvent = { level: 'WARN', message: 'access_log.lines_dropped' } as const;
const droppedStart = JSON.stringify(droppedEvent).slice(0, -1);

/** The line of the access log that stands where lines are missing. */
export const toDroppedLine = (lines: number, now: Date): string =>
  JSON.stringify({ ...droppedEvent, timestamp: now, service: 'posthorn-access-log', lines });

/** Returns how many lines are missing where this line stands: 0 for all other lines. */
export function countDropped(line: string): number {
  if (!line.startsWith(droppedStart)) return 0;
  const { lines } = JSON.parse(line) as { readonly lines: unknown };
  return Number(lines);
}

/** True for each line that belongs to the access log. */
export const isOfAccessLog = (line: string): boolean =>
  line.startsWith(accessLineStart) || line.startsWith(droppedStart);
