/** What a log line may contain beside its name: ids, numbers and an error. Never a body, a header or a secret. */
export type LogFields = Readonly<Record<string, unknown>>;

/** Writes one line per unit of work. The name of an event is `noun.past_tense`. */
export interface Log {
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
}

/** What tells the things apart that one name counts. */
export interface CountedOf {
  readonly applicationId?: string;
  /** How an attempt ended: the kind of its outcome, or the reason why there was no answer. */
  readonly outcome?: string;
}

/** Counts what happens, for metrics. */
export interface Counter {
  add(name: string, value: number, of?: CountedOf): void;
}
