import {
  type Delivery,
  deliveryIdOf,
  dueTimeOf,
  firstDeliveryOf,
  type ListedMessage,
  type PlannedDelivery,
  type StoredDelivery,
  UnusableData,
} from '@posthorn/core';
import { judgeMessage, type ReconciledEndpoint } from './judge-message.ts';
import { createLostInGroups, type LostInGroup, type LostInGroups } from './lost-in-groups.ts';

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
  /** The messages that were accepted after those, until now. */
  readonly listLater: (applicationId: string, cursor: string | undefined) => Promise<MessagePage>;
  /** Whether there is an attempt or a waiting row. */
  readonly isAccountedFor: (message: ListedMessage, endpoint: ReconciledEndpoint) => Promise<boolean>;
  /**
   * The group of a message at a destination, as the queue names it.
   *
   * @throws UnusableData if the message's body cannot be read, or is no longer stored
   */
  readonly groupOf: (message: ListedMessage, endpoint: ReconciledEndpoint) => Promise<string>;
  /** The ids of the deliveries that are dead letters. */
  readonly deadLetters: ReadonlySet<string>;
  /** Stored deliveries that nothing seems to bring. */
  readonly findOverdue: (endpoint: ReconciledEndpoint) => AsyncIterable<StoredDelivery>;
  readonly plan: (deliveries: readonly PlannedDelivery[]) => Promise<void>;
  readonly clock: () => Date;
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

/** A stored delivery that waited for longer than its time, and is planned again. */
export interface OverdueDelivery extends Pick<Delivery, 'applicationId' | 'messageId' | 'endpointId'> {
  readonly attemptNumber: number;
  readonly dueAt: Date;
}

/** How far a reconcile is. */
export interface Progress {
  readonly applications: number;
  readonly messages: number;
  readonly missing: readonly MissingMessage[];
  readonly overdue: readonly OverdueDelivery[];
}

/** How many reads are under way at a time. */
const together = 32;

/** How many deliveries are planned in a second. */
const rate = 100;

/** A reconcile of one application. */
interface Run {
  readonly deps: ReconcileDeps;
  readonly applicationId: string;
  readonly endpoints: readonly ReconciledEndpoint[];
  readonly groups: LostInGroups;
  readonly missing: MissingMessage[];
}

/**
 * Finds accepted messages that have neither attempt, waiting row nor dead letter at an endpoint that wanted them. If the
 * endpoint is unchanged since then, the delivery is planned again as fan-out planned it, so that a job that was not lost
 * after all leads to the same attempt. One to a destination is planned if no later message of its group has a trace. All
 * others are listed. Stored deliveries that nothing brings are planned again as they are stored.
 */
export async function reconcile(deps: ReconcileDeps): Promise<Progress> {
  const progress = { applications: 0, messages: 0, missing: [] as MissingMessage[], overdue: [] as OverdueDelivery[] };
  for await (const applicationId of deps.applications()) {
    progress.applications += 1;
    const endpoints = await deps.listEndpoints(applicationId);
    if (endpoints.length === 0) continue;
    const { missing } = progress;
    const run: Run = { deps, applicationId, endpoints, groups: createLostInGroups(), missing };
    for await (const { messages } of pagesOf((cursor) => deps.listMessages(applicationId, cursor))) {
      await lookAt(run, messages);
      progress.messages += messages.length;
      deps.tell(progress);
    }
    await planInGroups(run);
    for (const endpoint of endpoints) progress.overdue.push(...(await planOverdue(deps, endpoint)));
    deps.tell(progress);
  }
  return progress;
}

async function* pagesOf(read: (cursor: string | undefined) => Promise<MessagePage>): AsyncGenerator<MessagePage> {
  for (let cursor: string | undefined; ; ) {
    const page = await read(cursor);
    yield page;
    if (page.done) return;
    cursor = page.cursor ?? cursor;
  }
}

interface Wanted {
  readonly message: ListedMessage;
  readonly endpoint: ReconciledEndpoint;
  readonly isInGroup: boolean;
  readonly why: string | undefined;
}

/** Looks for traces of some messages at each endpoint that wanted them. Returns them in their order. */
async function lookFor(
  { deps, endpoints }: Run,
  messages: readonly ListedMessage[],
): Promise<readonly (Wanted & { readonly isKnown: boolean })[]> {
  const wanted = messages.flatMap((message) =>
    endpoints.flatMap((endpoint): readonly Wanted[] => {
      const judgement = judgeMessage(message, endpoint);
      if (judgement.kind === 'unwanted') return [];
      const why = judgement.kind === 'list' ? judgement.why : undefined;
      return [{ message, endpoint, isInGroup: judgement.kind === 'plan-in-group', why }];
    }),
  );
  const known: boolean[] = [];
  for (let start = 0; start < wanted.length; start += together) {
    const some = wanted.slice(start, start + together);
    known.push(...(await Promise.all(some.map((one) => isKnown(deps, one)))));
  }
  return wanted.map((one, index) => ({ ...one, isKnown: known[index] === true }));
}

const isKnown = async (deps: ReconcileDeps, { message, endpoint }: Wanted): Promise<boolean> =>
  deps.deadLetters.has(deliveryIdOf({ messageId: message.messageId, endpointId: endpoint.endpointId })) ||
  deps.isAccountedFor(message, endpoint);

/** Plans or lists what some messages miss. What is missing in groups is decided when all messages were seen. */
async function lookAt(run: Run, messages: readonly ListedMessage[]): Promise<void> {
  const { deps, missing } = run;
  const again: PlannedDelivery[] = [];
  for (const { message, endpoint, isInGroup, why, isKnown } of await lookFor(run, messages)) {
    if (isInGroup) await lookAtGroup(run, { message, endpoint, isKnown });
    else if (!isKnown) {
      missing.push(toMissing(message, endpoint, why));
      if (why === undefined) again.push({ queue: 'standard', delivery: firstDeliveryOf(message, endpoint.endpointId) });
    }
  }
  await planAgain(deps, again);
}

/** The groups of messages with a trace are only looked for if something before them is missing. */
async function lookAtGroup(
  { deps, groups, missing }: Run,
  { message, endpoint, isKnown }: Pick<Wanted, 'message' | 'endpoint'> & { readonly isKnown: boolean },
): Promise<void> {
  if (isKnown && !groups.waits(endpoint.endpointId)) return;
  try {
    const group = await deps.groupOf(message, endpoint);
    if (!isKnown) return groups.lost({ message, endpoint, group });
    for (const lost of groups.wentOn(endpoint.endpointId, group))
      missing.push(toMissing(lost.message, endpoint, wentOnWithout(message)));
  } catch (error) {
    if (!(error instanceof UnusableData)) throw error;
    if (!isKnown) missing.push(toMissing(message, endpoint, error.message));
  }
}

const wentOnWithout = ({ messageId }: ListedMessage): string =>
  `its group has gone on with ${messageId}: resend it, or replay what is missing, if it may come out of order`;

/** Looks at what was accepted later, and then plans what no later message of its group has overtaken. */
async function planInGroups(run: Run): Promise<void> {
  const { deps, applicationId, groups, missing } = run;
  const endpoints = run.endpoints.filter(({ endpointId }) => groups.waits(endpointId));
  if (endpoints.length === 0) return;
  const later = { ...run, endpoints };
  for await (const { messages } of pagesOf((cursor) => deps.listLater(applicationId, cursor))) {
    for (const { isKnown, isInGroup, ...one } of await lookFor(later, messages))
      if (isKnown && isInGroup) await lookAtGroup(later, { ...one, isKnown });
  }
  const inPlace = groups.inPlace();
  missing.push(...inPlace.map(({ message, endpoint }) => toMissing(message, endpoint)));
  await planAgain(deps, inPlace.map(toPlanned));
}

const toPlanned = ({ message, endpoint, group }: LostInGroup): PlannedDelivery => ({
  queue: 'fifo',
  group,
  delivery: firstDeliveryOf(message, endpoint.endpointId),
});

/** Plans what nothing brings. Its row says what it is at, so that a job that comes after all changes nothing. */
async function planOverdue(deps: ReconcileDeps, endpoint: ReconciledEndpoint): Promise<readonly OverdueDelivery[]> {
  const found: OverdueDelivery[] = [];
  let planned: PlannedDelivery[] = [];
  for await (const { state, delivery } of deps.findOverdue(endpoint)) {
    const { applicationId, messageId, endpointId, attemptNumber } = delivery;
    found.push({ applicationId, messageId, endpointId, attemptNumber, dueAt: dueTimeOf(delivery) });
    // `notBefore` says that it is stored, so that its success deletes the row.
    const released = state === 'held' ? { ...delivery, notBefore: deps.clock() } : delivery;
    planned.push({ queue: 'standard', delivery: released });
    if (planned.length < rate) continue;
    await planAgain(deps, planned);
    planned = [];
  }
  await planAgain(deps, planned);
  return found;
}

async function planAgain({ plan, pause, isDryRun }: ReconcileDeps, all: readonly PlannedDelivery[]): Promise<void> {
  if (isDryRun) return;
  for (let start = 0; start < all.length; start += rate) {
    const some = all.slice(start, start + rate);
    await plan(some);
    await pause((some.length / rate) * 1_000);
  }
}

const toMissing = (
  { applicationId, messageId, acceptedAt }: ListedMessage,
  { endpointId }: ReconciledEndpoint,
  why?: string,
): MissingMessage => ({ applicationId, messageId, endpointId, acceptedAt, ...(why !== undefined && { why }) });
