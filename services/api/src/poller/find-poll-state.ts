import {
  type AcceptingApplication,
  DomainError,
  isId,
  type PollState,
  type PollStateRepository,
  type PollStateRequest,
} from '@posthorn/core';
import type { Caller } from '@posthorn/secrets/tokens';
import { notFound } from '../http/refusals.ts';

/** The application of a poll, which exists, and who polls it. */
export interface FoundPollState extends PollState {
  readonly application: AcceptingApplication;
}

/** Finds the application that the path names, if the caller may see it, with what is known about who polls it. */
type FindPollState = (
  caller: Caller,
  idOrUid: string,
  consumer?: PollStateRequest['consumer'],
) => Promise<FoundPollState>;

/**
 * One read finds the application and the state. For a token of an application it also finds out whether that application
 * still exists, so that authentication needs no read of its own for it.
 */
export const createPollStateFinder =
  (pollStates: Pick<PollStateRepository, 'find' | 'findIdOfUid'>): FindPollState =>
  async (caller, idOrUid, consumer) => {
    const { organisationId } = caller;
    const applicationId = await findId(pollStates, caller, idOrUid);
    if (applicationId === undefined) throw notFound();
    const state = await pollStates.find({ organisationId, applicationId, ...(consumer && { consumer }) });
    const { application } = state;
    if (!application && caller.kind === 'application') throw new DomainError('authentication_failed', 'Invalid token');
    if (!application || !hasName(application, idOrUid)) throw notFound();
    return { ...state, application };
  };

/** A token of an application can see only that one, whatever the path names. */
async function findId(
  { findIdOfUid }: Pick<PollStateRepository, 'findIdOfUid'>,
  caller: Caller,
  idOrUid: string,
): Promise<string | undefined> {
  if (caller.kind === 'application') return caller.applicationId;
  return isId('application', idOrUid) ? idOrUid : findIdOfUid(caller.organisationId, idOrUid);
}

const hasName = ({ applicationId, uid }: AcceptingApplication, idOrUid: string): boolean =>
  (isId('application', idOrUid) ? applicationId : uid) === idOrUid;
