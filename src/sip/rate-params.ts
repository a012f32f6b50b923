import type { Params } from './params.ts';
import { paramOf } from './params.ts';

/** The rates that an Event asks for (RFC 6446 §9), in NOTIFYs per second. */
interface RateParams {
  readonly max?: number;
  readonly min?: number;
  readonly adaptiveMin?: number;
}

const NAMES = { max: 'max-rate', min: 'min-rate', adaptiveMin: 'adaptive-min-rate' } as const;

/** Reads them from the parameters of Event. One that is malformed or zero is ignored, as one that nobody knows. */
export function readRates(params: Params): RateParams {
  const entries = Object.entries(NAMES).map(([key, name]) => [key, rateOf(paramOf(params, name))] as const);
  return Object.fromEntries(entries.filter(([, rate]) => rate !== null));
}

/** RFC 6446 §9: `1*2DIGIT ["." 1*10DIGIT]`. */
function rateOf(text: string | null | undefined): number | null {
  if (text == null || !/^\d{1,2}(\.\d{1,10})?$/.test(text)) return null;
  const rate = Number(text);
  return rate > 0 ? rate : null;
}
