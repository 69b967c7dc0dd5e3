import { createSecureContext, getCACertificates } from 'node:tls';
import type { TlsState } from './dial.ts';

/** The most kept TLS sessions of a process; the oldest makes room. */
const maxSessions = 200;

/**
 * What TLS connections share: the trusted issuers, and the sessions that make a second handshake cheap.
 *
 * @param trusted - certificates (PEM) that are trusted as well as the default ones
 */
export function createTlsState(trusted: readonly string[]): TlsState {
  const sessions = new Map<string, Buffer>();
  return {
    secureContext: createSecureContext(trusted.length === 0 ? {} : { ca: [...getCACertificates(), ...trusted] }),
    sessions: {
      find: (origin) => sessions.get(origin),
      keep: (origin, session) => {
        sessions.delete(origin);
        sessions.set(origin, session);
        const [oldest] = sessions.keys();
        if (sessions.size > maxSessions && oldest !== undefined) sessions.delete(oldest);
      },
    },
  };
}
