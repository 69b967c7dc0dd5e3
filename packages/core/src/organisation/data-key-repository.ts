/**
 * Stores the data keys of organisations. They are wrapped: only the key service or the holder of the master key can
 * unwrap them.
 */
export interface DataKeyRepository {
  /** A wrapped key. A read sees every write that returned before the read began. */
  find(organisationId: string, keyId: string): Promise<string | undefined>;
  /**
   * Stores a wrapped key unless there is one with this id.
   *
   * @returns the key that is stored now: the given one, or the one of another process that was faster
   */
  insert(organisationId: string, keyId: string, wrapped: string): Promise<string>;
}
