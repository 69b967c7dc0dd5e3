/**
 * Thrown for data that can never be used: a stored row that cannot be decoded, a sealed value that does not open. A retry
 * cannot help. The text says what is wrong, and never contains the data.
 */
export class UnusableData extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'UnusableData';
  }
}
