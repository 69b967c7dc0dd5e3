/** What a log line may contain beside its name: ids, numbers and an error. Never a body, a header or a secret. */
export type LogFields = Readonly<Record<string, unknown>>;

/** Writes one line per unit of work. The name of an event is `noun.past_tense`. */
export interface Log {
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
}

/** Counts what happens, for metrics. */
export interface Counter {
  add(name: string, value: number): void;
}
