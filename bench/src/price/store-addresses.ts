/** Where the functions find the stores and the receiver. */
export interface StoreAddresses {
  readonly dynamodb: string;
  readonly sqs: string;
  readonly receiver: string;
}

/** The stage of the measured tables and queues. */
export const priceStage = 'price';
