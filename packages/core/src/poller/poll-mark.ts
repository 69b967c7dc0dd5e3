/**
 * The sort key of the row that says that an application is polled. It is in the table of endpoints, right behind them, so
 * that fan-out finds it with the endpoints, without another read.
 */
export const pollMark = 'polled';
