import { Logger } from '@aws-lambda-powertools/logger';

/** What one line may carry beside its name: ids, numbers and an error, never a body, a header or a secret. */
export type LogFields = Readonly<Record<string, unknown>>;

/** One wide line per unit of work. An event's name is `noun.past_tense`. */
export interface Log {
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
}

/** JSON lines as Powertools writes them. `POWERTOOLS_LOG_LEVEL` sets the level. */
export function createLog(service: string): Log {
  const logger = new Logger({ serviceName: `posthorn-${service}` });
  return {
    info: (event, fields = {}) => logger.info(event, { ...fields }),
    warn: (event, fields = {}) => logger.warn(event, { ...fields }),
    error: (event, fields = {}) => logger.error(event, { ...fields }),
  };
}
