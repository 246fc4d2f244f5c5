import { expect, test } from 'vitest';
import { bulk } from '../../src/data/bulk.ts';
import { realHost } from './workbench.ts';

const { commands } = realHost();

test.each([
  ['No space left on device', 'E_NO_SPACE'],
  ['Disk quota exceeded', 'E_NO_SPACE'],
  ['Read-only file system', 'E_READ_ONLY'],
  ['Input/output error', 'E_IO'],
  ['Something else', 'E_COMMAND_FAILED'],
])('a child that ends with "%s" means %s', async (said, code) => {
  const argv = ['sh', '-c', `echo "cp: error writing: ${said}" >&2; exit 1`] as const;
  await expect(bulk(commands, argv)).rejects.toMatchObject({ code });
});

test('a real full device has the code of one', async () => {
  await expect(bulk(commands, ['cp', '/etc/passwd', '/dev/full'])).rejects.toMatchObject({ code: 'E_NO_SPACE' });
});
