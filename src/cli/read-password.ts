import { CliFailure } from './io.ts';

/** The part of a terminal that is read: `process.stdin` when a person sits there. */
export interface Terminal extends NodeJS.ReadableStream {
  setRawMode(isRaw: boolean): unknown;
}

const CTRL_C = '\u0003';
const CTRL_D = '\u0004';
const ENDS: readonly string[] = ['\r', '\n', CTRL_D];
const ERASES: readonly string[] = ['\u007f', '\b'];

/** Reads a line from a terminal that shows nothing of it. Throws CliFailure on Ctrl-C, which raw mode makes a character. */
export async function readPassword(terminal: Terminal, show: (text: string) => void): Promise<string> {
  show('Password: ');
  terminal.setRawMode(true);
  try {
    return await lineOf(terminal);
  } finally {
    terminal.setRawMode(false);
    show('\n');
  }
}

async function lineOf(terminal: Terminal): Promise<string> {
  const line: string[] = [];
  for await (const piece of terminal.setEncoding('utf8')) {
    for (const letter of String(piece)) {
      if (ENDS.includes(letter)) return line.join('');
      if (letter === CTRL_C) throw new CliFailure('Cannot make an HA1: it was interrupted');
      if (ERASES.includes(letter)) line.pop();
      else if (letter >= ' ') line.push(letter);
    }
  }
  return line.join('');
}
