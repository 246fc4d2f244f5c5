import { parseAst } from 'vitest/node';

/** A node of the ESTree the parser gives, as far as the checks look into it. */
export interface Syntax {
  readonly type: string;
  readonly name?: string;
  readonly value?: unknown;
  readonly object?: Syntax;
  readonly property?: Syntax;
  readonly callee?: Syntax;
  readonly arguments?: readonly Syntax[];
  readonly source?: Syntax | null;
  readonly specifiers?: readonly Syntax[];
  readonly importKind?: 'type' | 'value';
  readonly exportKind?: 'type' | 'value';
}

export interface ModuleImport {
  readonly specifier: string;
  /** Gone at run time: `import type`, only `type` specifiers, `import('x').Y` as a type, `export type … from`. */
  readonly typeOnly: boolean;
}

/** Throws on a file that is not TypeScript. */
export function parseModule(file: string, text: string): Syntax {
  return parseAst(text, { lang: 'ts' }, file) as unknown as Syntax;
}

/** Every node below and including `node`, parents first. */
export function walk(node: unknown, visit: (node: Syntax) => void): void {
  if (node === null || typeof node !== 'object') return;
  if ('type' in node && typeof node.type === 'string') visit(node as Syntax);
  for (const child of Object.values(node)) walk(child, visit);
}

/** Static, dynamic and type imports and re-exports, in order of appearance. */
export function importsOf(module: Syntax): readonly ModuleImport[] {
  const found: ModuleImport[] = [];
  walk(module, (node) => {
    const specifier = node.source?.value;
    if (typeof specifier !== 'string') {
      // A computed import would go past every rule here.
      if (node.type === 'ImportExpression') found.push({ specifier: '(computed)', typeOnly: false });
      return;
    }
    found.push({ specifier, typeOnly: isTypeOnly(node) });
  });
  return found;
}

function isTypeOnly(node: Syntax): boolean {
  if (node.type === 'TSImportType' || node.importKind === 'type' || node.exportKind === 'type') return true;
  const specifiers = node.specifiers ?? [];
  const allTypes = specifiers.every((one) => one.importKind === 'type' || one.exportKind === 'type');
  return specifiers.length > 0 && allTypes;
}
