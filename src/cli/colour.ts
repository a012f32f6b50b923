const CODES = { red: 31, green: 32, yellow: 33, magenta: 35, grey: 90 } as const;

export type Colour = keyof typeof CODES;

/** Text in a colour of the terminal (ECMA-48 §8.3.117), or as it is when `on` is false. */
export function coloured(text: string, colour: Colour, on: boolean): string {
  return on ? `\u001b[${CODES[colour]}m${text}\u001b[0m` : text;
}
