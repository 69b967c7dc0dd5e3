/** A request that is not made: its address is none that may be called. Says nothing of what the name resolved to. */
export class Blocked extends Error {
  constructor() {
    super('The address of this endpoint may not be called: it is not public, and its network is not allowed');
    this.name = 'Blocked';
  }
}
