/** Options of the embedded store's process, passed as JSON in its only argument. */
export interface EmbeddedStoreOptions {
  readonly folder: string;
  readonly port: number;
  readonly region: string;
  readonly durability: 'process' | 'machine';
}
