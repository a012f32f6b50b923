import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';

/** One import statement of a source file. */
export interface Import {
  /** Path below `src`. */
  readonly file: string;
  /** Path below `src` for a file of ours, the package name otherwise (`node:fs`, `hono`). */
  readonly to: string;
  readonly ours: boolean;
}

/** Every import below a folder: static ones, type imports, re-exports and `import()`. */
export function importsBelow(root: string): readonly Import[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(ts|tsx)$/.test(file))
    .flatMap((file) => importsIn(readFileSync(join(root, file), 'utf8'), file));
}

/** The imports in the text of `file`, a path below the root. */
export function importsIn(text: string, file: string): readonly Import[] {
  const found = text.matchAll(/(?:\bfrom\s+|\bimport\s*\(?\s*)'([^']+)'/g);
  return [...found].map(([, specifier = '']) => {
    const ours = specifier.startsWith('.');
    return { file, ours, to: ours ? normalize(join(dirname(file), specifier)) : packageOf(specifier) };
  });
}

function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

/** The folder of the architecture's table that a file belongs to: `edge/drachtio`, `sip`, or the file itself. */
export function partOf(file: string, parts: readonly string[]): string {
  const inside = parts.filter((part) => !relative(part, file).startsWith('..'));
  return inside.sort((one, other) => other.length - one.length)[0] ?? file;
}
