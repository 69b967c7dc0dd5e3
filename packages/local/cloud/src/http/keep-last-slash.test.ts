import { withSecondSlash } from './keep-last-slash.ts';

it.each([
  ['/app/', '/app//'],
  ['/app/?limit=1', '/app//?limit=1'],
  ['/app', '/app'],
  ['/app?next=/', '/app?next=/'],
  ['/', '/'],
  ['/?a=/', '/?a=/'],
])('a slash at the end of a path is doubled: %s', (url, doubled) => {
  expect(withSecondSlash(url)).toBe(doubled);
});
