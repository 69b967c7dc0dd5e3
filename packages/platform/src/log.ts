import { Logger } from '@aws-lambda-powertools/logger';
import type { Log } from '@posthorn/core';

const levelsWithInfo: ReadonlySet<string> = new Set(['TRACE', 'DEBUG', 'INFO']);

/** Logs JSON lines in the format of Powertools. `POWERTOOLS_LOG_LEVEL` sets the level, which does not change later. */
export function createLog(service: string): Log {
  const logger = new Logger({ serviceName: `posthorn-${service}` });
  // Every request has a line of this level. Powertools reads the environment for each, before it looks at the level.
  const writesInfo = levelsWithInfo.has(logger.getLevelName());
  return {
    info: (event, fields = {}) => {
      if (writesInfo) logger.info(event, { ...fields });
    },
    warn: (event, fields = {}) => logger.warn(event, { ...fields }),
    error: (event, fields = {}) => logger.error(event, { ...fields }),
  };
}
