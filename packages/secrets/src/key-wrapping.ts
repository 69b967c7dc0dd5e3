/** What a wrapped key is bound to: it cannot be unwrapped with other values. */
export type WrappingContext = Readonly<Record<string, string>>;

/** A key in plain text for use now, and wrapped for storage. */
export interface DataKey {
  readonly key: Uint8Array;
  readonly wrapped: string;
}

/** Creates and unwraps data keys with a master key: one in AWS KMS, which never leaves it, or one in a local file. */
export interface KeyWrapping {
  createDataKey(context: WrappingContext): Promise<DataKey>;
  /** @throws CannotOpen if the key was changed, or was wrapped with another context or master key */
  unwrap(wrapped: string, context: WrappingContext): Promise<Uint8Array>;
}
