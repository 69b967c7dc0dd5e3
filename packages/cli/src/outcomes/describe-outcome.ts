import type { EndpointOutcome } from './judge.ts';

const maxReason = 120;

/** One line for people: `ep_…  failed after 3 attempts, last answer 500  https://…`. */
export function describeOutcome(outcome: EndpointOutcome): string {
  const { endpointId, url, attempts, nextAttempt } = outcome;
  const tries = attempts === 0 ? '' : ` after ${attempts} ${attempts === 1 ? 'attempt' : 'attempts'}`;
  const next = outcome.outcome === 'waiting' && nextAttempt !== null ? `, next attempt at ${nextAttempt}` : '';
  return `${endpointId}  ${outcome.outcome}${tries}${lastAnswer(outcome)}${next}  ${url}`;
}

function lastAnswer({ lastStatus, reason }: EndpointOutcome): string {
  if (lastStatus === null) return '';
  if (lastStatus > 0) return `, last answer ${lastStatus}`;
  return reason ? `, no answer: ${firstLine(reason)}` : ', no answer';
}

const firstLine = (text: string): string => {
  const [line = ''] = text.split(/\r?\n/, 1);
  return line.length > maxReason ? `${line.slice(0, maxReason)}…` : line;
};
