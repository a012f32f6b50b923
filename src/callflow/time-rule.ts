import type { Json } from './callflow.ts';
import { isObject, listOf, textOf } from './data.ts';
import { dayNumber, minuteOfDay, weekdayOf, type ZoneTime } from './zone.ts';

/** A span of time that comes back every week. */
export interface TimeRule {
  /** Also the name of the exit. */
  readonly name: string;
  /** 1 (Monday) to 7 (Sunday): the days on which it begins. */
  readonly weekdays: readonly number[];
  /** Minutes since midnight. Not after `to`: the rule ends on the next day. */
  readonly from: number;
  /** Minutes since midnight, not included; equal to `from`: 24 hours. */
  readonly to: number;
}

const ALL_DAYS = [1, 2, 3, 4, 5, 6, 7];

/**
 * A rule as documents hold it: `{"name": "open", "weekdays": [1, 2], "from": "09:00", "to": "17:00"}`. Without
 * weekdays every day, without times the whole day. Null when it is none.
 */
export function parseTimeRule(json: Json): TimeRule | null {
  if (!isObject(json)) return null;
  const name = textOf(json, 'name');
  const from = minuteOfDay(textOf(json, 'from') ?? '00:00');
  const to = minuteOfDay(textOf(json, 'to') ?? '24:00');
  const weekdays = Object.hasOwn(json, 'weekdays') ? listOf(json, 'weekdays') : ALL_DAYS;
  if (name === null || name === '_' || name.length > 64 || from === null || to === null) return null;
  if (weekdays.length === 0 || weekdays.length > 7 || !weekdays.every(isWeekday)) return null;
  return { name, weekdays, from, to };
}

/** True for 1 (Monday) to 7 (Sunday). */
export function isWeekday(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 7;
}

/** True if the rule holds at a wall-clock time. */
export function ruleHolds(rule: TimeRule, time: ZoneTime): boolean {
  const day = dayNumber(time);
  const minute = time.hour * 60 + time.minute;
  const today = rule.weekdays.includes(weekdayOf(day));
  if (rule.from < rule.to) return today && minute >= rule.from && minute < rule.to;
  // Over midnight: the hours after it belong to the day on which the rule began.
  const yesterday = rule.weekdays.includes(weekdayOf(day - 1));
  return (today && minute >= rule.from) || (yesterday && minute < rule.to);
}

/** True for `YYYY-MM-DD` (once) and `MM-DD` (every year). */
export function isHoliday(text: string): boolean {
  return /^(\d{4}-)?(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/.test(text);
}

/** True if one of the holidays falls on the date of a wall-clock time. */
export function isOnHoliday(holidays: readonly Json[], time: ZoneTime): boolean {
  const monthDay = `${pad(time.month, 2)}-${pad(time.day, 2)}`;
  return holidays.includes(monthDay) || holidays.includes(`${pad(time.year, 4)}-${monthDay}`);
}

function pad(value: number, length: number): string {
  return String(value).padStart(length, '0');
}
