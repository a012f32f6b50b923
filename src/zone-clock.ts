import type { ZoneClock } from './callflow/zone.ts';
import { madeOnce } from './made-once.ts';

/** Zones that are remembered at most: documents can name any text as one. */
const REMEMBERED = 1000;
const formatOf = madeOnce(makeFormat, REMEMBERED);

/** The wall clocks of the world, from the time-zone data that Node carries. Formats are made once for each zone. */
export const zoneClock: ZoneClock = (ms, zone) => {
  const parts = formatOf(zone)?.formatToParts(ms);
  if (parts === undefined) return null;
  const value = (type: Intl.DateTimeFormatPartTypes) =>
    Number(parts.find((part) => part.type === type)?.value ?? 0);
  return {
    year: value('year'),
    month: value('month'),
    day: value('day'),
    hour: value('hour'),
    minute: value('minute'),
    second: value('second'),
  };
};

function makeFormat(zone: string): Intl.DateTimeFormat | null {
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      calendar: 'gregory',
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  } catch {
    return null;
  }
}
