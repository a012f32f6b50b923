import { type Colour, coloured } from './colour.ts';

/** What a lamp can show. */
export type LampWord = 'idle' | 'ringing' | 'busy' | 'held' | 'trying';

const COLOURS: Readonly<Record<LampWord, Colour>> = {
  idle: 'green',
  ringing: 'yellow',
  busy: 'red',
  held: 'magenta',
  trying: 'yellow',
};

/** A lamp as one word with a dot in its colour. */
export function lampText(lamp: LampWord, colour: boolean): string {
  return `${coloured('●', COLOURS[lamp], colour)} ${lamp}`;
}

/** Text for a terminal: control characters from the wire could move its cursor or worse. */
export function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, '\u{FFFD}');
}
