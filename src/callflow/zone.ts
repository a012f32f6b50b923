/** What a wall clock and a calendar show somewhere. */
export interface ZoneTime {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
  /** 0 to 23. */
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

/** What the wall clock of an IANA zone shows at `ms` since the epoch; null: there is no such zone. Never throws. */
export type ZoneClock = (ms: number, zone: string) => ZoneTime | null;

export const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

/** Days from 1970-01-01 to a date of the Gregorian calendar. */
export function dayNumber(date: Pick<ZoneTime, 'year' | 'month' | 'day'>): number {
  // Years that begin in March, so that the leap day is the last of its year.
  const year = date.month <= 2 ? date.year - 1 : date.year;
  const dayOfYear = Math.floor((153 * ((date.month + 9) % 12) + 2) / 5) + date.day - 1;
  const leapDays = Math.floor(year / 4) - Math.floor(year / 100) + Math.floor(year / 400);
  return year * 365 + leapDays + dayOfYear - 719_468;
}

/** 1 (Monday) to 7 (Sunday) of a day counted from 1970-01-01, a Thursday. */
export function weekdayOf(day: number): number {
  return ((((day + 3) % 7) + 7) % 7) + 1;
}

/** A wall clock as ms, as if it stood in UTC: two of them can be compared and subtracted. */
export function wallMs(time: ZoneTime): number {
  return dayNumber(time) * DAY_MS + (time.hour * 60 + time.minute) * MINUTE_MS + time.second * 1000;
}

/** Minutes since midnight of `HH:MM`, 0 to 1440 (`24:00`); null when it is no time of day. */
export function minuteOfDay(text: string): number | null {
  const found = /^([01]\d|2[0-4]):([0-5]\d)$/.exec(text);
  if (found === null) return null;
  const minutes = Number(found[1]) * 60 + Number(found[2]);
  return minutes <= 1440 ? minutes : null;
}
