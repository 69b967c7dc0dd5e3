import { createHistogram } from './histogram.ts';
import { createPrometheusText } from './prometheus-text.ts';

it('writes counters and gauges, with labels of any text', () => {
  const text = createPrometheusText();
  text.counter('a_total', 'How many.', [[{ route: 'GET "/x\\"\n', status: '2xx' }, 3]]);
  text.gauge('b', 'How much.', 1.5);
  text.gauge('c', 'Nothing.', []);
  expect(text.text()).toBe(
    [
      '# HELP a_total How many.',
      '# TYPE a_total counter',
      String.raw`a_total{route="GET \"/x\\\"\n",status="2xx"} 3`,
      '# HELP b How much.',
      '# TYPE b gauge',
      'b 1.5',
      '# HELP c Nothing.',
      '# TYPE c gauge',
      '',
    ].join('\n'),
  );
});

it('writes histograms, with values on a bound counted below it', () => {
  const histogram = createHistogram([0.001, 0.01]);
  for (const value of [0.0005, 0.001, 0.002, 5]) histogram.add(value);
  const text = createPrometheusText();
  text.histogram('a_seconds', 'How long.', histogram);
  expect(text.text().split('\n').slice(2)).toEqual([
    'a_seconds_bucket{le="0.001"} 2',
    'a_seconds_bucket{le="0.01"} 3',
    'a_seconds_bucket{le="+Inf"} 4',
    'a_seconds_sum 5.0035',
    'a_seconds_count 4',
    '',
  ]);
});
