import type { UnreachableReason } from '@posthorn/core';

/** What the endpoint's owner reads. No text says anything about our network. */
const texts: Readonly<Record<UnreachableReason, string>> = {
  blocked: 'This URL may not be called: it is not https, or its address is neither public nor in an allowed network',
  'own-port':
    'This URL may not be called: it leads to a port of the service that sends the webhooks, not to a receiver',
  'port-not-allowed': 'This URL may not be called: its port is not one of those that the operator allows',
  'name-not-found': 'The host name of the endpoint does not exist, or it has no address',
  'name-server-silent': 'The name servers for the endpoint’s host name did not answer within the time limit',
  'name-server-failed': 'The name servers for the endpoint’s host name answered with an error',
  'proxy-refused': 'The outbound proxy of the service does not allow connections to the endpoint',
  'proxy-cannot-reach': 'The outbound proxy of the service could not connect to the endpoint',
  refused: 'The endpoint refused the connection',
  unroutable: 'There is no network route to the endpoint',
  'connect-timeout': 'The endpoint did not accept the connection within the time limit',
  'tls-timeout': 'The endpoint did not finish the TLS handshake within the time limit',
  'tls-failed':
    'The TLS handshake failed: the endpoint speaks no TLS on this port, wants a client certificate, or has no version in common',
  'certificate-expired': 'The endpoint’s TLS certificate has expired',
  'certificate-not-yet-valid': 'The endpoint’s TLS certificate is not valid yet',
  'certificate-wrong-name': 'The endpoint’s TLS certificate was issued for another host name',
  'certificate-untrusted':
    'The endpoint’s TLS certificate is not trusted: self-signed, from an unknown issuer, or without its whole chain',
  'certificate-invalid': 'The endpoint’s TLS certificate is not valid',
  'reset-before-request': 'The endpoint closed the connection before the request was sent',
  reset: 'The endpoint closed the connection after the request was sent, without an answer',
  'answer-cut-off': 'The endpoint closed the connection in the middle of its answer',
  timeout: 'The endpoint did not answer within the time limit',
  'answer-timeout': 'The endpoint began its answer, but did not finish it within the time limit',
  'only-interim-answers': 'The endpoint sent too many interim answers (1xx) and no final one',
  'too-much-overhead': 'The endpoint sent more than 1 MiB beside the body of its answer',
  'not-http': 'The endpoint’s answer was not valid HTTP/1.1',
};

/** There is no complete answer, and this is not our fault. The message is for the endpoint's owner. */
export class Unreachable extends Error {
  readonly reason: UnreachableReason;

  constructor(reason: UnreachableReason, options?: ErrorOptions) {
    super(texts[reason], options);
    this.name = 'Unreachable';
    this.reason = reason;
  }
}
