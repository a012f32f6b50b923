import { DOCUMENT_LIMITS } from '../../callflow/limits.ts';

const LONGEST = DOCUMENT_LIMITS.number;

/** What the list of a realm tells of each callflow. */
export interface CallflowSummary {
  readonly id: string;
  readonly name: string;
  readonly numbers: readonly string[];
  readonly patterns: readonly string[];
  readonly seat: string | null;
  readonly rev: number;
  /** How many problems it has. */
  readonly problems: number;
}

/** The other callflow that has `number` already; null when there is none. */
export function clashOf(
  number: string,
  ownId: string,
  list: readonly CallflowSummary[],
): CallflowSummary | null {
  return list.find(({ id, numbers }) => id !== ownId && numbers.includes(number)) ?? null;
}

/** The callflows whose name, numbers or patterns hold every word of `text`. */
export function searchCallflows(list: readonly CallflowSummary[], text: string): readonly CallflowSummary[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return list.filter(({ name, numbers, patterns }) => {
    const all = [name, ...numbers, ...patterns].join(' ').toLowerCase();
    return words.every((word) => all.includes(word));
  });
}

/** Why `number` cannot be added; null when it can. Numbers are taken exactly as they are dialled. */
export function numberFault(number: string, taken: readonly string[]): string | null {
  if (number === '') return 'Enter an extension or a number';
  if (/\s/.test(number)) return 'A number has no blanks: write it as it is dialled';
  if (number.length > LONGEST) return `A number has at most ${LONGEST} characters`;
  if (taken.includes(number)) return `${number} is on this callflow already`;
  return null;
}
