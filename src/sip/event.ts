import type { ByteString } from './message.ts';
import { type Params, paramOf, parseParams } from './params.ts';
import { remembered } from './remembered.ts';
import { skipBlanks, tokenEnd } from './token.ts';

/** The value of Event (RFC 6665 §8.2.1). */
export interface EventValue {
  /** The event package with its templates, lower case: some phones write `Presence`. */
  readonly package: string;
  readonly id: ByteString | null;
  /** The parameters other than `id`. */
  readonly params: Params;
}

/** An Event from its text, or null when malformed. */
export const parseEvent = remembered(readEvent, 4);

function readEvent(text: ByteString): EventValue | null {
  const start = skipBlanks(text, 0);
  const end = tokenEnd(text, start);
  const params = parseParams(text, end);
  if (end === start || params === null) return null;
  return {
    package: text.slice(start, end).toLowerCase(),
    id: paramOf(params, 'id') ?? null,
    params: params.filter(([name]) => name !== 'id'),
  };
}
