import { Logger } from '@aws-lambda-powertools/logger';
import type { Log } from '@posthorn/core';

/** Logs JSON lines in the format of Powertools. `POWERTOOLS_LOG_LEVEL` sets the level. */
export function createLog(service: string): Log {
  const logger = new Logger({ serviceName: `posthorn-${service}` });
  return {
    info: (event, fields = {}) => logger.info(event, { ...fields }),
    warn: (event, fields = {}) => logger.warn(event, { ...fields }),
    error: (event, fields = {}) => logger.error(event, { ...fields }),
  };
}
