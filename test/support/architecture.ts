import path from 'node:path';
import { importsOf, type ModuleImport, parseModule, type Syntax, walk } from './syntax.ts';

/** One broken rule: a file, and in words what it does that it may not. */
export interface Violation {
  readonly file: string;
  readonly rule: 'room' | 'import' | 'one place' | 'cycle' | 'barrel' | 'default export' | 'size' | 'door' | 'twin';
  readonly saw: string;
}

interface Room {
  /** Rooms and files of src/ it may import, beside its own. */
  readonly rooms: readonly string[];
  /** Those of which it may only `import type`: it is handed the thing itself. */
  readonly types: readonly string[];
  /** Packages and node: modules. */
  readonly packages: readonly string[];
}

const PURE = ['node:path', 'node:crypto', 'node:stream', 'node:stream/promises', 'node:zlib', 'node:url'];
const WORKERS = ['release', 'layout', 'service', 'data', 'health', 'fleet', 'guard'];

const worker = (...packages: string[]): Room => ({
  rooms: ['version', 'errors.ts'],
  types: ['host'],
  packages: [...PURE, ...packages],
});

/** Who may import whom. The one place where this is enforced; CONTRIBUTING.md says why. */
const ROOMS: Readonly<Record<string, Room>> = {
  'errors.ts': { rooms: [], types: [], packages: [] },
  engine: { rooms: ['errors.ts'], types: [], packages: ['node:zlib', 'node:crypto'] },
  version: { rooms: ['errors.ts'], types: [], packages: ['semver'] },
  host: { rooms: ['errors.ts'], types: [], packages: ['node:*', 'undici'] },
  release: worker('tar', '@sigstore/*', '@noble/curves', 'tuf-js'),
  layout: worker(),
  service: worker(),
  data: worker('node:sqlite'),
  health: worker(),
  fleet: worker(),
  guard: worker(),
  product: { rooms: ['version', 'errors.ts'], types: ['host'], packages: [...PURE, 'valibot', 'yaml'] },
  document: { rooms: ['errors.ts'], types: [], packages: ['node:crypto', 'valibot', '@valibot/to-json-schema'] },
  runbook: {
    rooms: ['engine', 'product', 'version', 'document', 'errors.ts'],
    types: ['host', ...WORKERS],
    packages: PURE,
  },
  cli: {
    rooms: ['runbook', 'document', 'errors.ts'],
    types: ['engine', 'host'],
    packages: [...PURE, 'commander', 'cli-progress', 'chalk'],
  },
};

/** Where the rooms are put together: they know everybody. */
const ASSEMBLERS = ['main.ts', 'assemble.ts'];

/** What would be known all over a room if nobody watched: loaded by one file of it. */
const ONE_PLACE: Readonly<Record<string, readonly string[]>> = {
  cli: ['commander', 'cli-progress', 'chalk'],
  release: ['tar', '@noble/curves', 'tuf-js'],
  data: ['node:sqlite'],
  product: ['yaml'],
  document: ['@valibot/to-json-schema'],
};

/** The host's packages: one outside thing per file. */
const ONE_PER_FILE = ['undici', 'node:child_process'];

/** In a bundle the texts it reads take this file's place (scripts/bundle.ts), so only a checkout reads the disk in it. */
const MAY_READ_DISK = 'product/builtin.ts';

/** What is no program: profiles, and the pinned root of trust. */
const DATA = /^(product\/(profiles\/)?[^/]+\.yaml|release\/trust\/[^/]+\.json)$/;

const DOOR_CALLS = ['setTimeout', 'setInterval', 'setImmediate', 'fetch', 'randomBytes', 'randomUUID', 'randomInt'];
const DOOR_MEMBERS = [
  'process.env',
  'process.exit',
  'process.kill',
  'process.stdin',
  'process.stdout',
  'process.stderr',
  'Date.now',
  'performance.now',
  'Math.random',
];

const MAX_LINES = 300;

const roomOf = (file: string): string => file.split('/')[0] ?? file;

const matches = (patterns: readonly string[], specifier: string): boolean =>
  patterns.some((pattern) =>
    pattern.endsWith('*') ? specifier.startsWith(pattern.slice(0, -1)) : pattern === specifier,
  );

/** `undici/types/x` and `@sigstore/verify/y` belong to their package; node: modules are named whole. */
const packageOf = (specifier: string): string =>
  specifier.startsWith('node:') ? specifier : specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');

/** Judges every file of src/, given as path below src/ → text. An empty answer is a kept house. */
export function violations(files: ReadonlyMap<string, string>): readonly Violation[] {
  const found: Violation[] = [];
  const importsByFile = new Map<string, readonly ModuleImport[]>();
  for (const [file, text] of files) {
    if (!file.endsWith('.ts')) {
      if (!DATA.test(file)) found.push({ file, rule: 'room', saw: 'not TypeScript' });
      continue;
    }
    const module = parseModule(file, text);
    const imports = importsOf(module);
    importsByFile.set(file, imports);
    found.push(...shapeViolations(file, text, module));
    if (ASSEMBLERS.includes(file)) {
      found.push(...imports.filter(isTwin).map(({ specifier }) => ({ file, rule: 'twin' as const, saw: specifier })));
      continue;
    }
    const room = ROOMS[roomOf(file)];
    if (room === undefined) {
      found.push({ file, rule: 'room', saw: `${roomOf(file)} is not a listed room` });
      continue;
    }
    for (const one of imports) found.push(...importViolations(file, room, one));
    if (roomOf(file) !== 'host') found.push(...doorViolations(file, module));
  }
  return [...found, ...crowdViolations(importsByFile), ...cycleViolations(importsByFile)];
}

const isTwin = ({ specifier }: ModuleImport): boolean => /(^|\/)faults\b/.test(specifier);

function importViolations(file: string, room: Room, one: ModuleImport): readonly Violation[] {
  const { specifier, typeOnly } = one;
  if (!specifier.startsWith('.')) {
    const fromDisk = file === MAY_READ_DISK && specifier.startsWith('node:fs');
    const allowed = fromDisk || matches(room.packages, packageOf(specifier));
    return allowed ? [] : [{ file, rule: 'import', saw: specifier }];
  }
  const target = path.posix.join(path.posix.dirname(file), specifier);
  // The fault-injecting twin of the host is for tests; only its own files may know it.
  if (isTwin(one) && !/^host\/faults/.test(file)) return [{ file, rule: 'twin', saw: specifier }];
  const own = roomOf(target) === roomOf(file);
  if (own || room.rooms.includes(roomOf(target))) return [];
  if (room.types.includes(roomOf(target))) {
    return typeOnly ? [] : [{ file, rule: 'import', saw: `${target} as a value, where only \`import type\` may be` }];
  }
  return [{ file, rule: 'import', saw: target }];
}

function shapeViolations(file: string, text: string, module: Syntax): readonly Violation[] {
  const found: Violation[] = [];
  const lines = text.replace(/\n$/, '').split('\n').length;
  if (lines > MAX_LINES) found.push({ file, rule: 'size', saw: `${lines} lines` });
  if (path.posix.basename(file) === 'index.ts') found.push({ file, rule: 'barrel', saw: 'index.ts' });
  walk(module, (node) => {
    if (node.type === 'ExportAllDeclaration') found.push({ file, rule: 'barrel', saw: 'export *' });
    if (node.type === 'ExportDefaultDeclaration') found.push({ file, rule: 'default export', saw: 'export default' });
  });
  return found;
}

function doorViolations(file: string, module: Syntax): readonly Violation[] {
  const found: Violation[] = [];
  const report = (saw: string) => found.push({ file, rule: 'door', saw });
  walk(module, (node) => {
    if (node.type === 'MemberExpression') {
      const member = `${node.object?.name}.${node.property?.name ?? node.property?.value}`;
      if (DOOR_MEMBERS.includes(member)) report(member);
    }
    if (node.type === 'CallExpression') {
      const called = node.callee?.name ?? node.callee?.property?.name ?? '';
      if (DOOR_CALLS.includes(called)) report(`${called}()`);
    }
    if (node.type === 'NewExpression' && node.callee?.name === 'Date' && node.arguments?.length === 0) {
      report('new Date()');
    }
  });
  return found;
}

function crowdViolations(importsByFile: ReadonlyMap<string, readonly ModuleImport[]>): readonly Violation[] {
  const found: Violation[] = [];
  const first = new Map<string, string>();
  for (const [file, imports] of importsByFile) {
    const packages = new Set(imports.filter((one) => !one.typeOnly).map((one) => packageOf(one.specifier)));
    const outside = ONE_PER_FILE.filter((name) => packages.has(name));
    if (outside.length > 1) found.push({ file, rule: 'one place', saw: outside.join(' and ') });
    for (const name of ONE_PLACE[roomOf(file)] ?? []) {
      if (!packages.has(name)) continue;
      const other = first.get(name);
      if (other === undefined) first.set(name, file);
      else found.push({ file, rule: 'one place', saw: `${name}, which ${other} loads` });
    }
  }
  return found;
}

function cycleViolations(importsByFile: ReadonlyMap<string, readonly ModuleImport[]>): readonly Violation[] {
  const found: Violation[] = [];
  const done = new Set<string>();
  const visit = (file: string, trail: readonly string[]): void => {
    const at = trail.indexOf(file);
    if (at >= 0) found.push({ file, rule: 'cycle', saw: [...trail.slice(at), file].join(' → ') });
    if (at >= 0 || done.has(file)) return;
    for (const { specifier } of importsByFile.get(file) ?? []) {
      if (specifier.startsWith('.')) visit(path.posix.join(path.posix.dirname(file), specifier), [...trail, file]);
    }
    done.add(file);
  };
  for (const file of importsByFile.keys()) visit(file, []);
  return found;
}
