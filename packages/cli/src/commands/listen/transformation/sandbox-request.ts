/** The code with which an endpoint's owner changes what it gets. */
export interface TransformationCode {
  readonly code: string;
  readonly variables: Readonly<Record<string, string>>;
}

/** What the thread with the sandbox is asked for. */
export interface SandboxRequest extends TransformationCode {
  readonly message: { readonly body: string; readonly contentType: string; readonly eventType: string };
  readonly endpoint: { readonly url: string; readonly headers: Readonly<Record<string, string>> };
}

/** What the thread answers. `url` is the one that the code has left or named. */
export type SandboxAnswer =
  | {
      readonly kind: 'ready';
      readonly method: string;
      readonly url: string;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: string;
    }
  | { readonly kind: 'canceled' }
  | { readonly kind: 'failed'; readonly reason: string };
