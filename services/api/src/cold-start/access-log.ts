import { toAccessLine } from '@posthorn/contracts/api/request-facts';
import { systemClock } from '@posthorn/platform';
import type { LogRequest } from '../http/request-log.ts';
import type { ApiConfiguration } from './configuration.ts';
import type { FunctionHost } from './function-host.ts';

/** The access log of a function. It does not depend on the level of the other lines. */
export function createAccessLog(
  folder: string,
  { accessLog }: Pick<ApiConfiguration, 'accessLog'>,
  { writeAccess }: Pick<FunctionHost, 'writeAccess'>,
): LogRequest {
  if (accessLog === 'off') return () => undefined;
  const service = `posthorn-${folder}`;
  return (request) => writeAccess(toAccessLine(service, request, systemClock()));
}
