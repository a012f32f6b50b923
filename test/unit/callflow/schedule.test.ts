import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ScheduleEntry } from '../../../src/callflow/callflow.ts';
import { dueOccurrences } from '../../../src/callflow/schedule.ts';
import { dayNumber, wallMs, weekdayOf } from '../../../src/callflow/zone.ts';
import { zoneTime } from '../../support/callflow.ts';

const EVERY_DAY = [1, 2, 3, 4, 5, 6, 7];

function due(
  entries: ScheduleEntry | readonly ScheduleEntry[],
  after: string,
  until: string,
): readonly string[] {
  const window = { after: Date.parse(after), until: Date.parse(until) };
  return dueOccurrences([entries].flat(), window, zoneTime).map((ms) => new Date(ms).toISOString());
}

function at(
  time: string,
  weekdays: readonly number[] = EVERY_DAY,
  timeZone = 'Europe/Berlin',
): ScheduleEntry {
  return { at: time, weekdays, timeZone };
}

describe('dueOccurrences()', () => {
  it('gives the times on the weekdays, by the wall clock of the zone', () => {
    expect(due(at('09:00', [1, 3]), '2026-07-01T00:00:00Z', '2026-07-07T00:00:00Z')).toEqual([
      '2026-07-01T07:00:00.000Z',
      '2026-07-06T07:00:00.000Z',
    ]);
  });

  it('follows the change to winter time', () => {
    expect(due(at('09:00'), '2026-10-24T00:00:00Z', '2026-10-25T23:00:00Z')).toEqual([
      '2026-10-24T07:00:00.000Z',
      '2026-10-25T08:00:00.000Z',
    ]);
  });

  it('is due an hour later when the clocks go forward over the time (RFC 5545 §3.3.5)', () => {
    expect(due(at('02:30'), '2026-03-28T12:00:00Z', '2026-03-30T12:00:00Z')).toEqual([
      '2026-03-29T01:30:00.000Z',
      '2026-03-30T00:30:00.000Z',
    ]);
  });

  it('is due once, the first time, when the clocks go back over the time (RFC 5545 §3.3.5)', () => {
    expect(due(at('02:30'), '2026-10-24T12:00:00Z', '2026-10-25T12:00:00Z')).toEqual([
      '2026-10-25T00:30:00.000Z',
    ]);
  });

  it('knows zones far from UTC, and half hours', () => {
    const window = ['2026-07-01T00:00:00Z', '2026-07-02T00:00:00Z'] as const;
    expect(due(at('00:30', [4], 'Pacific/Kiritimati'), ...window)).toEqual(['2026-07-01T10:30:00.000Z']);
    expect(
      due(at('22:00', [2], 'Pacific/Pago_Pago'), '2026-07-01T00:00:00Z', '2026-07-01T12:00:00Z'),
    ).toEqual(['2026-07-01T09:00:00.000Z']);
    expect(due(at('09:00', EVERY_DAY, 'Asia/Kolkata'), ...window)).toEqual(['2026-07-01T03:30:00.000Z']);
  });

  it('knows the half hour by which Lord Howe Island moves its clocks', () => {
    const lordHowe = at('02:15', [7], 'Australia/Lord_Howe');
    expect(due(lordHowe, '2026-10-03T00:00:00Z', '2026-10-04T12:00:00Z')).toEqual([
      '2026-10-03T15:45:00.000Z',
    ]);
  });

  it('takes the window without its first and with its last moment', () => {
    const noon = at('12:00', EVERY_DAY, 'UTC');
    expect(due(noon, '2026-07-01T12:00:00Z', '2026-07-02T12:00:00Z')).toEqual(['2026-07-02T12:00:00.000Z']);
    expect(due(noon, '2026-07-01T12:00:00Z', '2026-07-01T12:00:00Z')).toEqual([]);
  });

  it('gives the times of all entries in order, equal ones once', () => {
    const entries = [at('17:00', [3], 'UTC'), at('09:00', [3], 'UTC'), at('09:00', [3, 4], 'UTC')];
    expect(due(entries, '2026-07-01T00:00:00Z', '2026-07-01T23:00:00Z')).toEqual([
      '2026-07-01T09:00:00.000Z',
      '2026-07-01T17:00:00.000Z',
    ]);
  });

  it('looks back 8 days at most, however long the downtime was', () => {
    expect(due(at('12:00', [1], 'UTC'), '2020-01-01T00:00:00Z', '2026-07-01T00:00:00Z')).toEqual([
      '2026-06-29T12:00:00.000Z',
    ]);
  });

  it('gives nothing for a zone that does not exist', () => {
    expect(due(at('12:00', EVERY_DAY, 'Mars/Base'), '2026-07-01T00:00:00Z', '2026-07-03T00:00:00Z')).toEqual(
      [],
    );
  });

  it('loses and repeats nothing when a window is cut in two', () => {
    const zones = ['UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kathmandu', 'Australia/Lord_Howe'];
    const entry = fc.record({
      weekdays: fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 7 }),
      at: fc.tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 })).map(clock),
      timeZone: fc.constantFrom(...zones),
    });
    const start = fc.integer({ min: Date.UTC(2026, 0), max: Date.UTC(2027, 0) });
    const day = fc.integer({ min: 0, max: 3 * 86_400_000 });
    fc.assert(
      fc.property(entry, start, day, day, (one, after, first, second) => {
        const [cut, until] = [after + first, after + first + second];
        const whole = dueOccurrences([one], { after, until }, zoneTime);
        const early = dueOccurrences([one], { after, until: cut }, zoneTime);
        const late = dueOccurrences([one], { after: cut, until }, zoneTime);
        expect([...early, ...late]).toEqual(whole);
      }),
      { numRuns: 60 },
    );
  });
});

function clock([hour, minute]: readonly [number, number]): string {
  return `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;
}

describe('the calendar', () => {
  it('counts days and wall clocks as the Gregorian calendar does', () => {
    fc.assert(
      fc.property(fc.integer({ min: -2e12, max: 8e12 }), (ms) => {
        const date = new Date(Math.floor(ms / 1000) * 1000);
        const time = {
          ...{ year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() },
          ...{ hour: date.getUTCHours(), minute: date.getUTCMinutes(), second: date.getUTCSeconds() },
        };
        expect(wallMs(time)).toBe(date.getTime());
        expect(weekdayOf(dayNumber(time))).toBe(date.getUTCDay() === 0 ? 7 : date.getUTCDay());
      }),
    );
  });
});
