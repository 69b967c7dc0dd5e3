import type { Application, ApplicationRepository, EndpointMode, EndpointRepository } from '@posthorn/core';

export interface DeleteApplicationDeps {
  readonly applications: Pick<ApplicationRepository, 'delete'>;
  readonly endpoints: Pick<EndpointRepository, 'list' | 'delete'>;
}

const modes: readonly EndpointMode[] = ['standard', 'fifo'];
const pageLength = 100;

/** Deletes an application, its endpoints first: if it fails halfway, the request can be repeated. */
export const createApplicationDeleter =
  ({ applications, endpoints }: DeleteApplicationDeps) =>
  async (application: Application, now: Date): Promise<void> => {
    for (const mode of modes) await deleteEndpoints(endpoints, { applicationId: application.applicationId, mode }, now);
    await applications.delete(application);
  };

async function deleteEndpoints(
  endpoints: DeleteApplicationDeps['endpoints'],
  { applicationId, mode }: { readonly applicationId: string; readonly mode: EndpointMode },
  now: Date,
): Promise<void> {
  let iterator: string | undefined;
  for (;;) {
    const from = iterator === undefined ? {} : { iterator };
    const request = { limit: pageLength, direction: 'forward', order: 'ascending', mode, ...from } as const;
    const page = await endpoints.list(applicationId, request);
    for (const endpoint of page.items) await endpoints.delete(endpoint, now);
    iterator = page.resumeAt ?? page.items.at(-1)?.endpointId;
    if (page.done || iterator === undefined) return;
  }
}
