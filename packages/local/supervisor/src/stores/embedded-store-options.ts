/** What the embedded store's process is started with, as JSON in its only argument. */
export interface EmbeddedStoreOptions {
  readonly folder: string;
  readonly port: number;
  readonly region: string;
  readonly durability: 'process' | 'machine';
}
