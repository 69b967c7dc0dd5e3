/** A request that is not made, since its URL may not be called. Says nothing of what the name resolved to, nor why. */
export class Blocked extends Error {
  constructor() {
    super('This URL may not be called: it is not https, or its address is neither public nor in an allowed network');
    this.name = 'Blocked';
  }
}
