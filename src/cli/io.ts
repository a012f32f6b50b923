/** What a command may touch of the world. */
export interface CliIo {
  /** Writes a line to standard output. */
  out(line: string): void;
  /** Writes a line to standard error. */
  err(line: string): void;
  /** True when standard output is a terminal: colours are shown. */
  readonly colour: boolean;
  /** Absent: the environment of the process. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** All of standard input; of a terminal one line, which is not shown. Absent: there is none. */
  input?(): Promise<string>;
  /** Aborted when the user ends the command (Ctrl-C). */
  readonly ended: AbortSignal;
}

/** A command that cannot go on: `message` is the line that says why. */
export class CliFailure extends Error {
  override readonly name = 'CliFailure';
  /** 1: it failed; 2: it was called wrongly. */
  readonly exitCode: 1 | 2;

  constructor(message: string, exitCode: 1 | 2 = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}
