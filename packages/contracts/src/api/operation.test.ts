import * as z from 'zod/mini';
import { allOperations } from './all-operations.ts';
import { capabilityOf, type Deprecation, defineOperations, type Operation } from './operation.ts';

const day = /^\d{4}-\d{2}-\d{2}$/;
const halfYearMs = 182 * 24 * 3_600_000;
const operations: readonly Operation[] = Object.values(allOperations);

describe('the operations', () => {
  it('know their ids and the function that serves them', () => {
    const { get } = defineOperations('things', {
      get: { method: 'GET', path: '/thing', access: 'anyone', summary: 'Get a thing', answers: { 200: null } },
    });
    expect(get).toMatchObject({ id: 'get', servedBy: 'things', path: '/thing' });
  });

  it('have a route each, whatever their parameters are called', () => {
    const routes = operations.map(({ method, path }) => `${method} ${path.replace(/\{\w+\}/g, '{}')}`);
    expect(routes.filter((route, index) => routes.indexOf(route) !== index)).toEqual([]);
  });

  it('have an id each: none is lost where resources are joined', () => {
    expect(Object.entries(allOperations).filter(([id, operation]) => operation.id !== id)).toEqual([]);
  });

  it('have a body only with methods whose bodies are read', () => {
    const withBody = operations.filter(({ body }) => body !== undefined).map(({ method }) => method);
    expect(withBody.filter((method) => !['POST', 'PUT', 'PATCH'].includes(method))).toEqual([]);
  });

  it('that are deprecated end half a year later at the earliest', () => {
    const endsLate = ({ since, sunset }: Deprecation) =>
      day.test(since) && day.test(sunset) && Date.parse(sunset) - Date.parse(since) >= halfYearMs;
    expect(operations.filter(({ deprecated }) => deprecated && !endsLate(deprecated)).map(({ id }) => id)).toEqual([]);
    expect(endsLate({ since: '2026-01-31', sunset: '2026-08-01', instead: '' })).toBe(true);
    expect(endsLate({ since: '2026-01-31', sunset: '2026-03-01', instead: '' })).toBe(false);
  });

  const posts = operations.flatMap((it) => (it.method === 'POST' ? [it] : []));

  it.each(posts.map((post) => [post.id, post] as const))(
    '%s has the name that it declares in its answer',
    (_, post) => {
      if (post.answerNames === 'nothing') return;
      const { field } = post.answerNames;
      const answers = Object.entries(post.answers).flatMap(([status, answer]) =>
        Number(status) < 400 ? [answer] : [],
      );
      expect(answers.length).toBeGreaterThan(0);
      for (const answer of answers) {
        expect(answer instanceof z.ZodMiniObject && Object.keys(answer.shape)).toContain(field);
      }
    },
  );

  const open = operations.filter(({ access }) => access.endsWith('application'));

  it.each(open.map((operation) => [operation.id, operation] as const))(
    '%s says what a restricted token of an application needs',
    (_, operation) => expect(capabilityOf(operation)).toBeDefined(),
  );

  it('that show or replace a secret need more than reading', () => {
    const secret = operations.filter(({ path }) => path.includes('/secret'));
    expect(secret.filter((operation) => operation.access === 'application').map(capabilityOf)).not.toContain(
      'ViewBase',
    );
  });
});
