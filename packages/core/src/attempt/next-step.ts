/** What an attempt led to. It is stored with the attempt, and every reader of the attempt acts on the stored value. */
export type NextStep =
  /** Another attempt is planned for this time. */
  | { readonly kind: 'retry'; readonly at: Date }
  /** Nothing follows: the endpoint accepted the message, or the attempt was a manual one. */
  | { readonly kind: 'done' }
  /** The last attempt of the retry schedule failed. */
  | { readonly kind: 'exhausted' }
  /** The endpoint asked for no further attempt of this message. */
  | { readonly kind: 'aborted' }
  /** The endpoint answered 410, or asked to be disabled: it is to be disabled, and the delivery ends. */
  | { readonly kind: 'gone' };
