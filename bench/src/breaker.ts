import { checkDeadEndpoint } from './breaker/check-dead-endpoint.ts';
import { printBreaker, printDeadEndpoint, simulateBreaker } from './breaker/print-breaker.ts';

printBreaker(simulateBreaker());
printDeadEndpoint(await checkDeadEndpoint());
