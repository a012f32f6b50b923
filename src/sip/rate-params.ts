import type { Params } from './params.ts';

/** The rates that an Event asks for (RFC 6446 §9), in NOTIFYs per second. */
interface RateParams {
  readonly max?: number;
  readonly min?: number;
  readonly adaptiveMin?: number;
}

const NAMES: ReadonlyMap<string, keyof RateParams> = new Map([
  ['max-rate', 'max'],
  ['min-rate', 'min'],
  ['adaptive-min-rate', 'adaptiveMin'],
]);

/** Reads them from the parameters of Event. One that is malformed or zero is ignored, as one that nobody knows. */
export function readRates(params: Params): RateParams {
  const rates: { -readonly [Name in keyof RateParams]: RateParams[Name] } = {};
  for (const [param, value] of params) {
    const name = NAMES.get(param);
    const rate = name === undefined ? null : rateOf(value);
    if (name !== undefined && rate !== null) rates[name] = rate;
  }
  return rates;
}

/** RFC 6446 §9: `1*2DIGIT ["." 1*10DIGIT]`. */
function rateOf(text: string | null): number | null {
  if (text === null || !/^\d{1,2}(\.\d{1,10})?$/.test(text)) return null;
  const rate = Number(text);
  return rate > 0 ? rate : null;
}
