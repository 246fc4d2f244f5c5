import { describe, expect, test } from 'vitest';
import { parseExecProperty, parseExecStart, unitObjectPath } from '../../src/service/exec-start.ts';

describe('from systemctl show', () => {
  test.each([
    [
      '{ path=/usr/bin/a ; argv[]=/usr/bin/a serve --env-file /etc/a.env ; ignore_errors=no ; start_time=[n/a] }',
      { path: '/usr/bin/a', args: ['serve', '--env-file', '/etc/a.env'] },
    ],
    ['{ path=/opt/run me ; argv[]=/opt/run me x ; ignore_errors=no }', { path: '/opt/run me', args: ['x'] }],
    ['{ path=/usr/bin/a ; argv[]=other-name -x ; flags= ; pid=0 }', { path: '/usr/bin/a', args: ['-x'] }],
    ['{ path=/usr/bin/a ; argv[]=/usr/bin/a ; ignore_errors=no }', { path: '/usr/bin/a', args: [] }],
    ['', undefined],
  ])('%s', (text, command) => {
    expect(parseExecStart(text)).toEqual(command);
  });
});

describe('from the bus', () => {
  test('keeps arguments apart', () => {
    const json =
      '{"type":"a(sasbttttuii)","data":[["/a",["/a","b c","","d\\ne"],false,0,0,0,0,0,0,0],["/z",["/z"],false]]}';
    expect(parseExecProperty(json)).toEqual({ path: '/a', args: ['b c', '', 'd\ne'] });
  });

  test.each(['', 'Failed to connect', '{"type":"a","data":[]}', '[]', 'null'])('%j is no command', (text) => {
    expect(parseExecProperty(text)).toBeUndefined();
  });

  test('names a unit as the bus does', () => {
    expect(unitObjectPath('my-srv@1.service')).toBe('/org/freedesktop/systemd1/unit/my_2dsrv_401_2eservice');
    expect(unitObjectPath('9a.service')).toBe('/org/freedesktop/systemd1/unit/_39a_2eservice');
  });
});
