import { CliError } from '../exit/cli-error.ts';

interface Failed {
  /** What was not reached, for the text: `https://posthorn.example.com`. */
  readonly place: string;
  readonly isProxy?: boolean;
}

interface Description {
  readonly problem: string;
  readonly code: string;
  readonly remedy?: string;
}

const checkAddress = 'Check the address of the server: posthorn login --server URL';
const waitAndTry = 'Check the network, and try again';

/** By Node's code of the error. */
const known: Readonly<Record<string, Description>> = {
  ENOTFOUND: { problem: 'its name is unknown', code: 'name_unknown', remedy: checkAddress },
  EAI_AGAIN: { problem: 'its name cannot be resolved now', code: 'name_unknown', remedy: waitAndTry },
  ECONNREFUSED: {
    problem: 'nothing listens there',
    code: 'connection_refused',
    remedy: 'Start the server, or check its address',
  },
  ECONNRESET: { problem: 'the connection was closed without an answer', code: 'connection_lost', remedy: waitAndTry },
  EPIPE: { problem: 'the connection was closed without an answer', code: 'connection_lost', remedy: waitAndTry },
  ETIMEDOUT: { problem: 'it did not accept a connection in time', code: 'timed_out', remedy: waitAndTry },
  EHOSTUNREACH: { problem: 'there is no way to it', code: 'no_route', remedy: waitAndTry },
  ENETUNREACH: { problem: 'there is no way to it', code: 'no_route', remedy: waitAndTry },
  CERT_HAS_EXPIRED: { problem: 'its certificate has expired', code: 'certificate_expired' },
  ERR_TLS_CERT_ALTNAME_INVALID: {
    problem: 'its certificate is for another name',
    code: 'certificate_of_another_name',
    remedy: checkAddress,
  },
};

const untrusted: Description = {
  problem: 'its certificate is from an authority that this machine does not trust',
  code: 'certificate_untrusted',
  remedy: 'Name the file of that authority in NODE_EXTRA_CA_CERTS',
};
const notTls: Description = { problem: 'it does not speak TLS', code: 'no_tls', remedy: 'Is its address http://?' };
const notHttp: Description = { problem: 'it does not speak HTTP', code: 'no_http', remedy: checkAddress };

const untrustedCodes = /^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_(VERIFY|GET_ISSUER)_.*)$/;

/** Returns the error of a connection that failed, with what to do about it. Errors that are known already stay. */
export function describeFailure(error: unknown, { place, isProxy = false }: Failed): CliError {
  if (error instanceof CliError) return error;
  const cause = firstOf(error);
  const { problem, code, remedy } = describe(cause);
  return new CliError('unreachable', `Cannot reach ${place}: ${problem}`, {
    code,
    remedy: isProxy ? 'Check HTTPS_PROXY, HTTP_PROXY and ALL_PROXY' : remedy,
    cause: error,
  });
}

function describe({ code = '', message }: NodeJS.ErrnoException): Description {
  const description = known[code];
  if (description) return description;
  if (untrustedCodes.test(code)) return untrusted;
  if (code === 'EPROTO' || code.startsWith('ERR_SSL_')) return notTls;
  if (code.startsWith('HPE_')) return notHttp;
  return { problem: code === '' ? message : `${message} (${code})`, code: 'unreachable' };
}

/** A name with several addresses fails with one error for each. */
function firstOf(error: unknown): NodeJS.ErrnoException {
  const { errors, message } = Object(error);
  if (Array.isArray(errors) && errors.length > 0) return firstOf(errors[0]);
  return typeof message === 'string' ? Object(error) : new Error(String(error));
}
