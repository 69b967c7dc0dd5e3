/** What became of one message: a line of the output. */
export interface ListenEvent {
  readonly id: string;
  readonly type: string;
  /** The status of the target's answer. null if there was none. */
  readonly status: number | null;
  /** How long the last try took. */
  readonly ms: number;
  /** null if the target accepted the message. */
  readonly error: string | null;
  /** How many tries it took, if more than one. */
  readonly tries?: number;
  /** When endpoints get the message, if that is planned for later. */
  readonly deliverAt?: string;
  /** It was asked for by a key. */
  readonly resent?: true;
  /** The endpoint's transformation canceled the message, so nothing was sent. */
  readonly canceled?: true;
  /** The transformation named this URL. It was sent to the target all the same. */
  readonly url?: string;
}
