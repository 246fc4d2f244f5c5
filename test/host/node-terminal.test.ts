import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { KEY, onTerminal } from '../support/pty.ts';

const MODULE = pathToFileURL(path.resolve(import.meta.dirname, '../../src/host/node-terminal.ts')).href;
const ask = `const { nodeTerminal } = await import('${MODULE}');
const terminal = nodeTerminal();
terminal.out(JSON.stringify([terminal.interactive, terminal.live, terminal.columns]) + '\\n');
terminal.out('answer ' + JSON.stringify(await terminal.ask('Go? ')) + '\\n');`;

test.each([
  ['y\r', '"y"'],
  ['\r', '""'],
  [KEY.interrupt, 'undefined'],
  [KEY.endOfFile, 'undefined'],
])('a person types %j', async (key, answer) => {
  await using terminal = onTerminal([process.execPath, '--input-type=module', '--eval', ask]);
  await terminal.shows('Go? ');
  terminal.type(key);
  expect(await terminal.ended).toBe(0);
  expect(terminal.screen()).toContain('[true,true,100]');
  expect(terminal.screen()).toContain(`answer ${answer}`);
});

test('nobody can be asked through a pipe', async () => {
  const piped = `${process.execPath} --input-type=module --eval "$0" < /dev/null`;
  await using terminal = onTerminal(['sh', '-c', piped, ask]);
  expect(await terminal.ended).toBe(0);
  expect(terminal.screen()).toContain('[false,true,100]');
});

test.each([
  ['NO_COLOR', { NO_COLOR: '1' }, 'false'],
  ['a dumb terminal', { TERM: 'dumb' }, 'false'],
  ['any other', {}, 'true'],
])('colour: %s', async (_title, env, colour) => {
  const tell = `const { nodeTerminal } = await import('${MODULE}'); nodeTerminal().out('colour ' + nodeTerminal().colour);`;
  const { NO_COLOR: _, ...ours } = process.env;
  const options = { env: { ...ours, TERM: 'xterm', ...env } };
  await using terminal = onTerminal([process.execPath, '--input-type=module', '--eval', tell], options);
  expect(await terminal.ended).toBe(0);
  expect(terminal.screen()).toContain(`colour ${colour}`);
});

test('a reader that has gone is silence', async () => {
  const flood = `const { nodeTerminal } = await import('${MODULE}'); const t = nodeTerminal();
for (let i = 0; i < 5000; i++) t.out('x'.repeat(100) + '\\n'); t.err('wrote it all');`;
  const piped = `${process.execPath} --input-type=module --eval "$0" | true; echo "first \${PIPESTATUS[0]}"`;
  await using terminal = onTerminal(['bash', '-c', piped, flood]);
  expect(await terminal.ended).toBe(0);
  expect(terminal.screen()).toContain('wrote it all');
  expect(terminal.screen()).toContain('first 0');
});

test('bytes are poured whole, and a reader that goes away is an error then', async () => {
  const pour = `const { nodeTerminal } = await import('${MODULE}'); const t = nodeTerminal();
async function* parts() { for (let i = 0; i < 200; i++) yield Buffer.alloc(65536, 0xff); }
await t.pour(parts()).then(() => t.err('all'), (error) => t.err(error.code)); t.err(' ' + t.outIsTerminal);`;
  const node = `${process.execPath} --input-type=module --eval "$0"`;
  await using whole = onTerminal(['bash', '-c', `${node} | wc -c; echo done`, pour]);
  await whole.shows('done');
  expect(whole.screen()).toContain('all false');
  expect(whole.screen()).toContain(String(200 * 65536));
  await using gone = onTerminal(['bash', '-c', `${node} | true; echo done`, pour]);
  await gone.shows('done');
  expect(gone.screen()).toContain('E_IO false');
});
