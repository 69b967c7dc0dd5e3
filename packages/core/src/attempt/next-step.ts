/** What an attempt led to. It is stored with the attempt, and every reader of the attempt acts on the stored value. */
export type NextStep =
  /** Another attempt is planned for this time. */
  | { readonly kind: 'retry'; readonly at: Date }
  /** Nothing follows: the endpoint accepted the message, or the attempt was a manual one. */
  | { readonly kind: 'done' }
  /** The last attempt of the retry schedule failed. */
  | { readonly kind: 'exhausted' }
  /** The endpoint answered 410: it is to be disabled, and the delivery ends. */
  | { readonly kind: 'gone' };
