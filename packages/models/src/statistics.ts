import { tableName } from '@posthorn/contracts';
import type { StatisticsRepository } from '@posthorn/core';
import { countAttempts } from './statistics/count-attempts.ts';
import { createWithoutEarlier } from './statistics/earlier-rows.ts';
import { listEndpoints, listFirstHours, listHours } from './statistics/list-hours.ts';
import type { Store } from './store.ts';

const defaultKeptDays = 90;

/** The table of statistics, and how long its rows are kept. */
export interface StatisticsStore extends Store {
  /** At least as long as attempts, so that their lists can use the rows. Default: 90. */
  readonly keptDays?: number;
}

/**
 * Counts attempts in DynamoDB: one row for each endpoint and hour. A row stores the highest sequence number of each
 * source that it has counted. The records of a source arrive in order, so a record with that number or a lower one was
 * counted before.
 */
export function createStatisticsRepository({
  client,
  stage,
  keptDays = defaultKeptDays,
}: StatisticsStore): StatisticsRepository {
  const table = { client, TableName: tableName(stage, 'statistics') };
  const counting = { ...table, keptDays, withoutEarlier: createWithoutEarlier(table) };
  return {
    count: (attempts) => countAttempts(counting, attempts),
    listHours: (endpoint, window) => listHours(table, endpoint, window),
    listFirstHours: (endpoint, window) => listFirstHours(table, endpoint, window),
    listEndpoints: (applicationId, page) => listEndpoints(table, applicationId, page),
  };
}
