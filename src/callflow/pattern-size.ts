/**
 * How much work a pattern (RE2 syntax) makes, before anything compiles it: at least the instructions of its program.
 * Infinite for classes beyond ASCII, whose tables cost more than any number that is dialled is worth. What is no
 * pattern has some size, too. Linear in the length of the pattern.
 */
export function patternSize(pattern: string): number {
  const groups: Group[] = [];
  let group = newGroup();
  for (const [piece] of pattern.matchAll(PIECES)) {
    if (isBeyondAscii(piece)) return Number.POSITIVE_INFINITY;
    if (piece.startsWith('(')) {
      groups.push(group);
      group = newGroup();
    } else if (piece === ')') {
      const closed = group.size + GROUP;
      group = grown(groups.pop() ?? newGroup(), closed);
    } else {
      group = QUANTIFIER.test(piece) ? repeated(group, piece) : grown(group, sizeOf(piece));
    }
  }
  return groups.reduce((size, outer) => size + outer.size + GROUP, group.size);
}

/** What stands between two parentheses. */
interface Group {
  readonly size: number;
  /** Of the last atom: what a quantifier repeats. */
  readonly last: number;
}

/** The instructions that a group adds to what is in it, one for an empty group among them. */
const GROUP = 3;

/** The kinds of pieces that a pattern is read in, the longest first. */
const PIECES = new RegExp(
  [
    /\\Q(?:(?!\\E).)*(?:\\E)?/, // a quoted part
    /\[\^?\]?(?:\[:\^?\w+:\]|\\.|[^\]\\])*\]?/, // a class
    /\\(?:x\{[^}]*\}?|[pP]\{[^}]*\}?|.)/, // an escape
    /\((?:\?P?<\w+>|\?[a-zA-Z-]*:?)?/, // the head of a group
    /\{\d+(?:,\d*)?\}/, // a quantifier
    /./,
  ]
    .map(({ source }) => source)
    .join('|'),
  'gsu',
);

const QUANTIFIER = /^(?:[*+?]|\{\d+(?:,\d*)?\})$/;

function newGroup(): Group {
  return { size: 0, last: 0 };
}

function grown(group: Group, by: number): Group {
  return { size: group.size + by, last: by };
}

/** `x{2,5}` is written out: five times x. */
function repeated({ size, last }: Group, quantifier: string): Group {
  const counts = quantifier.match(/\d+/g) ?? ['1'];
  const times = Math.max(1, ...counts.map(Number));
  const written = times * (last + 1) + 1;
  return { size: size - last + written, last: written };
}

function sizeOf(piece: string): number {
  if (piece.startsWith('\\Q')) return piece.length;
  // An alternative may be empty, which takes an instruction.
  return piece === '|' ? 2 : 1;
}

/** Unicode classes, and classes with a character that a keyboard of a phone does not have. */
function isBeyondAscii(piece: string): boolean {
  if (/^\\[pP]/.test(piece)) return true;
  return piece.startsWith('[') && /\\[pP]|\\x\{|\\x[89a-fA-F]|[^\p{ASCII}]/u.test(piece);
}
