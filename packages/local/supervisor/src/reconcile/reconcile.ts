import { type Delivery, deliveryIdOf, firstDeliveryOf, type ListedMessage } from '@posthorn/core';
import { judgeMessage, type ReconciledEndpoint } from './judge-message.ts';

/** A page of an application's messages, the oldest first. */
export interface MessagePage {
  readonly messages: readonly ListedMessage[];
  readonly cursor?: string;
  readonly done: boolean;
}

export interface ReconcileDeps {
  /** The applications to look at, page by page. */
  readonly applications: () => AsyncIterable<string>;
  /** Endpoints with a row that cannot be read are told by `tell`, and left out. */
  readonly listEndpoints: (applicationId: string) => Promise<readonly ReconciledEndpoint[]>;
  readonly listMessages: (applicationId: string, cursor: string | undefined) => Promise<MessagePage>;
  /** Whether there is an attempt or a waiting row. */
  readonly isAccountedFor: (message: ListedMessage, endpoint: ReconciledEndpoint) => Promise<boolean>;
  /** The ids of the deliveries that are dead letters. */
  readonly deadLetters: ReadonlySet<string>;
  readonly plan: (deliveries: readonly Delivery[]) => Promise<void>;
  readonly pause: (ms: number) => Promise<void>;
  readonly isDryRun: boolean;
  readonly tell: (progress: Progress) => void;
}

/** A message that has no trace at an endpoint. */
export interface MissingMessage {
  readonly applicationId: string;
  readonly messageId: string;
  readonly endpointId: string;
  readonly acceptedAt: Date;
  /** Absent if it is planned again. */
  readonly why?: string;
}

/** How far a reconcile is. */
export interface Progress {
  readonly applications: number;
  readonly messages: number;
  readonly missing: readonly MissingMessage[];
}

/** How many reads are under way at a time. */
const together = 32;

/** How many deliveries are planned in a second. */
const rate = 100;

/**
 * Finds accepted messages that have neither attempt, waiting row nor dead letter at an endpoint that wanted them. If the
 * endpoint is unchanged since then, the delivery is planned again as fan-out planned it, so that a job that was not lost
 * after all leads to the same attempt. All others are listed.
 */
export async function reconcile(deps: ReconcileDeps): Promise<Progress> {
  const progress = { applications: 0, messages: 0, missing: [] as MissingMessage[] };
  for await (const applicationId of deps.applications()) {
    progress.applications += 1;
    const endpoints = await deps.listEndpoints(applicationId);
    if (endpoints.length === 0) continue;
    for (let cursor: string | undefined; ; ) {
      const page = await deps.listMessages(applicationId, cursor);
      const missing = await findMissing(deps, page.messages, endpoints);
      await planAgain(deps, missing);
      progress.messages += page.messages.length;
      progress.missing.push(...missing.map(({ message, endpointId, why }) => toMissing(message, endpointId, why)));
      deps.tell(progress);
      cursor = page.cursor ?? cursor;
      if (page.done) break;
    }
  }
  return progress;
}

interface Found {
  readonly message: ListedMessage;
  readonly endpointId: string;
  readonly why: string | undefined;
}

async function findMissing(
  deps: ReconcileDeps,
  messages: readonly ListedMessage[],
  endpoints: readonly ReconciledEndpoint[],
): Promise<readonly Found[]> {
  const wanted = messages.flatMap((message) =>
    endpoints.flatMap((endpoint) => {
      const judgement = judgeMessage(message, endpoint);
      if (judgement.kind === 'unwanted') return [];
      const { endpointId } = endpoint;
      if (deps.deadLetters.has(deliveryIdOf({ messageId: message.messageId, endpointId }))) return [];
      return [{ message, endpoint, why: judgement.kind === 'list' ? judgement.why : undefined }];
    }),
  );
  const missing: Found[] = [];
  for (let start = 0; start < wanted.length; start += together) {
    const some = wanted.slice(start, start + together);
    const known = await Promise.all(some.map(({ message, endpoint }) => deps.isAccountedFor(message, endpoint)));
    for (const [index, { message, endpoint, why }] of some.entries())
      if (known[index] === false) missing.push({ message, endpointId: endpoint.endpointId, why });
  }
  return missing;
}

async function planAgain({ plan, pause, isDryRun }: ReconcileDeps, missing: readonly Found[]): Promise<void> {
  const again = missing.filter(({ why }) => why === undefined);
  if (isDryRun || again.length === 0) return;
  await plan(again.map(({ message, endpointId }) => firstDeliveryOf(message, endpointId)));
  await pause((again.length / rate) * 1_000);
}

const toMissing = (
  { applicationId, messageId, acceptedAt }: ListedMessage,
  endpointId: string,
  why: string | undefined,
): MissingMessage => ({ applicationId, messageId, endpointId, acceptedAt, ...(why !== undefined && { why }) });
