import { printBreaker } from './breaker/print-breaker.ts';

printBreaker();
