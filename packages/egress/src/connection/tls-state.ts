import { createSecureContext, getCACertificates } from 'node:tls';
import { createBoundedMemory } from '@posthorn/core/memory/bounded-memory';
import type { TlsState } from './dial.ts';

const maxSessions = 200;
/** After this time an endpoint's certificate is checked again. */
const sessionMs = 600_000;

/**
 * What TLS connections share: the trusted issuers, and the sessions that make a second handshake cheap.
 *
 * @param trusted - certificates (PEM) that are trusted in addition to the default ones
 */
export function createTlsState(trusted: readonly string[]): TlsState {
  const sessions = createBoundedMemory<Buffer>({ maxEntries: maxSessions, now: Date.now });
  return {
    secureContext: createSecureContext(trusted.length === 0 ? {} : { ca: [...getCACertificates(), ...trusted] }),
    sessions: { find: sessions.find, keep: (origin, session) => sessions.keep(origin, session, sessionMs) },
  };
}
