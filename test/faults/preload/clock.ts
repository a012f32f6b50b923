import { readFileSync } from 'node:fs';

/**
 * Loaded before a node by NODE_OPTIONS=--import: its wall clock (Date) is off by the ms in the file that
 * FAULTS_CLOCK_FILE names, read at the start and again at each SIGUSR2. Monotonic clocks stay as they are.
 */
const { FAULTS_CLOCK_FILE = '' } = process.env;
const SystemDate = Date;
let shiftMs = 0;

function read(): void {
  shiftMs = Number(readFileSync(FAULTS_CLOCK_FILE, 'utf8'));
}

class ShiftedDate extends SystemDate {
  constructor(...args: readonly [] | readonly [number]) {
    if (args.length === 0) super(ShiftedDate.now());
    else super(...args);
  }

  static override now(): number {
    return SystemDate.now() + shiftMs;
  }
}

read();
process.on('SIGUSR2', read);
globalThis.Date = ShiftedDate as DateConstructor;
