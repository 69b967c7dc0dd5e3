/** A request that was made from the OpenAPI document. */
export interface MadeRequest {
  /** The operation that it was made for. A hostile request can reach another one. */
  readonly operationId: string;
  readonly method: string;
  /** Percent-encoded. */
  readonly path: string;
  /** Without the question mark. */
  readonly search: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Which token it has; `none` for a header that is no token. */
  readonly token: 'organisation' | 'application' | 'none';
}
