import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where the examples lie that are offered where nothing is drawn yet. */
const FOLDER = join(import.meta.dirname, '../config/callflows');

/** The example callflows, as documents without realm and rev, by file name. Read once, at the start. */
export function readExamples(): readonly Readonly<Record<string, unknown>>[] {
  const files = readdirSync(FOLDER).filter((name) => name.endsWith('.json'));
  return files.sort().map((name) => JSON.parse(readFileSync(join(FOLDER, name), 'utf8')));
}
