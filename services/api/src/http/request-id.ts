import type { ApiEvent } from './api-event.ts';

/** Short, and without anything that a log or a header could misunderstand. */
const form = /^[\w.-]{1,64}$/;

/** The id that the client gave the request, as SDKs do; `undefined` if it gave none that is fit to be repeated. */
export function sentRequestId({ headers }: ApiEvent): string | undefined {
  const id = headers['svix-req-id'];
  return id !== undefined && form.test(id) ? id : undefined;
}
