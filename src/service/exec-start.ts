/** One command of ExecStart. */
export interface ExecCommand {
  readonly path: string;
  /** Without the program's own name. */
  readonly args: readonly string[];
}

/**
 * The first command as `systemctl show` prints it: `{ path=/a ; argv[]=/a b c ; ignore_errors=no ; … }`. The arguments are
 * joined with spaces and come apart at every one; `parseExecProperty` does not guess.
 */
export function parseExecStart(text: string): ExecCommand | undefined {
  const [, path, line] = /^\{ path=(.*?) ; argv\[\]=(.*?) ; (?:ignore_errors|flags)=/s.exec(text) ?? [];
  if (path === undefined || line === undefined) return undefined;
  // argv[0] may be given in the unit (`@`), and the program's path may hold spaces.
  const rest = line.startsWith(path) ? line.slice(path.length) : line.replace(/^\S+/, '');
  return { path, args: rest.split(' ').filter((word) => word !== '') };
}

/** The first command as `busctl --json=short get-property … ExecStart` gives it: `{"type":"a(sasbttttuii)","data":[[path,[argv],…]]}`. */
export function parseExecProperty(json: string): ExecCommand | undefined {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (cause) {
    if (cause instanceof SyntaxError) return undefined;
    throw cause;
  }
  if (typeof value !== 'object' || value === null || !('data' in value) || !Array.isArray(value.data)) return undefined;
  const [first]: readonly unknown[] = value.data;
  const [path, argv]: readonly unknown[] = Array.isArray(first) ? first : [];
  if (typeof path !== 'string' || !Array.isArray(argv)) return undefined;
  return { path, args: argv.slice(1).map(String) };
}

/** Where a unit lives on the bus: every byte but letters and digits is `_` and two hexadecimal digits, a leading digit too. */
export function unitObjectPath(unit: string): string {
  const escaped = [...Buffer.from(unit)].map((byte, at) => {
    const char = String.fromCharCode(byte);
    const plain = at === 0 ? /[A-Za-z]/ : /[A-Za-z0-9]/;
    return plain.test(char) ? char : `_${byte.toString(16).padStart(2, '0')}`;
  });
  return `/org/freedesktop/systemd1/unit/${escaped.join('')}`;
}
