import type { ZoneTime } from '../../callflow/zone.ts';

/** What the wall clock of an IANA zone shows, as far as the browser knows the zone. */
export function zoneTime(ms: number, zone: string): ZoneTime | null {
  try {
    const parts = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    }).formatToParts(ms);
    const field = (type: string) => Number(parts.find((part) => part.type === type)?.value ?? 0);
    return {
      year: field('year'),
      month: field('month'),
      day: field('day'),
      hour: field('hour'),
      minute: field('minute'),
      second: field('second'),
    };
  } catch {
    // RangeError: there is no such zone.
    return null;
  }
}
