import { expect, test } from 'vitest';
import { localPlace, memberUrl } from '../../../src/release/bundle/member-url.ts';
import { shownUrl } from '../../../src/release/shown-url.ts';

test.each(['/srv/a.refit.tar', '/srv/with # and % and blanks/a.refit.tar'])('a member of %s is found again', (path) => {
  const url = memberUrl(path, 'releases/v1.0.0+b/a.tar.gz');
  expect(localPlace(url)).toEqual({ path, member: 'releases/v1.0.0+b/a.tar.gz' });
  expect(shownUrl(url)).toBe(`${path} (releases/v1.0.0+b/a.tar.gz)`);
});

test('a file is itself', () => {
  expect(localPlace('file:///srv/a%23b.tar.gz')).toEqual({ path: '/srv/a#b.tar.gz', member: undefined });
});
