import type { ScheduleEntry } from './callflow.ts';
import { DAY_MS, minuteOfDay, wallMs, weekdayOf, type ZoneClock } from './zone.ts';

/** How far back a window is looked at: a weekly plan has shown all of itself by then. */
const LONGEST_WINDOW_MS = 8 * DAY_MS;

/**
 * The times (ms since the epoch, growing, each once) after `after` and up to `until` at which a schedule is due; of a
 * window longer than 8 days those in its last 8 days. A wall-clock time that a zone passes over when its clocks go
 * forward is due as much later as they jump; one that comes twice when they go back is due the first time.
 */
export function dueOccurrences(
  schedule: readonly ScheduleEntry[],
  window: { readonly after: number; readonly until: number },
  zoneTime: ZoneClock,
): readonly number[] {
  const after = Math.max(window.after, window.until - LONGEST_WINDOW_MS);
  const due = schedule.flatMap((entry) => entryOccurrences(entry, { after, until: window.until }, zoneTime));
  return [...new Set(due)].filter((ms) => ms > after && ms <= window.until).sort((one, other) => one - other);
}

/** Those of one entry, with some around the window. */
function entryOccurrences(
  entry: ScheduleEntry,
  window: { readonly after: number; readonly until: number },
  zoneTime: ZoneClock,
): readonly number[] {
  const minute = minuteOfDay(entry.at);
  if (minute === null) return [];
  // A zone is at most 14 hours from UTC, so one day around covers every wall clock.
  const first = Math.floor(window.after / DAY_MS) - 1;
  const last = Math.floor(window.until / DAY_MS) + 1;
  const due: number[] = [];
  for (let day = first; day <= last; day += 1) {
    if (!entry.weekdays.includes(weekdayOf(day))) continue;
    const ms = momentOf(day * DAY_MS + minute * 60_000, entry.timeZone, zoneTime);
    if (ms !== null) due.push(ms);
  }
  return due;
}

/** When the wall clock of a zone shows `wall`; null: there is no such zone. */
function momentOf(wall: number, zone: string, zoneTime: ZoneClock): number | null {
  const before = offsetAt(wall - DAY_MS, zone, zoneTime);
  const after = offsetAt(wall + DAY_MS, zone, zoneTime);
  if (before === null || after === null) return null;
  const moments = [wall - before, wall - after].sort((one, other) => one - other);
  const shown = moments.find((ms) => offsetAt(ms, zone, zoneTime) === wall - ms);
  // Passed over: RFC 5545 §3.3.5 takes the offset before the gap.
  return shown ?? wall - before;
}

/** How far the wall clock of a zone is ahead of UTC, ms. */
function offsetAt(ms: number, zone: string, zoneTime: ZoneClock): number | null {
  const time = zoneTime(ms, zone);
  // A wall clock shows whole seconds: the rest of the moment is cut off on both sides.
  return time === null ? null : wallMs(time) - Math.floor(ms / 1000) * 1000;
}
