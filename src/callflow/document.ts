import type { Callflow, Json, ScheduleEntry } from './callflow.ts';
import { isObject, textOf } from './data.ts';
import { formatFlow, parseFlow } from './flow-document.ts';
import { type JsonFault, judgeJson } from './json.ts';
import { DOCUMENT_LIMITS } from './limits.ts';
import type { CallflowProblem } from './problem.ts';
import { isWeekday } from './time-rule.ts';
import { minuteOfDay } from './zone.ts';

/** Where a document is kept: what the document itself says of these is passed over. */
export interface DocumentPlace {
  readonly realm: string;
  readonly id: string;
  readonly rev: number;
}

export type ParsedCallflow =
  | { readonly kind: 'callflow'; readonly callflow: Callflow }
  | { readonly kind: 'refused'; readonly problems: readonly CallflowProblem[] };

const OWN_KEYS: readonly string[] = [
  'id',
  'name',
  'realm',
  'numbers',
  'patterns',
  'seat',
  'flow',
  'schedule',
  'rev',
];

/**
 * A callflow from its document, Kazoo's among them. What has the wrong shape or is beyond the limits is refused with
 * the places named; whether it makes sense is for `checkCallflow`. Keys of others are kept as they are. Never throws.
 */
export function parseCallflow(json: unknown, place: DocumentPlace): ParsedCallflow {
  const fault = judgeJson(json, DOCUMENT_LIMITS);
  if (fault !== null) return { kind: 'refused', problems: [whole(fault, FAULTS[fault])] };
  const document = json as Json;
  if (!isObject(document))
    return { kind: 'refused', problems: [whole('not-an-object', 'A callflow must be an object')] };
  const { flow, problems: inFlow } = parseFlow(document.flow ?? null);
  const problems = [...headProblems(document), ...inFlow];
  if (problems.length > 0) return { kind: 'refused', problems };
  return { kind: 'callflow', callflow: { ...headOf(document), ...place, flow, rest: restOf(document) } };
}

/** The document of a callflow: `parseCallflow` gives the same callflow back. */
export function formatCallflow(callflow: Callflow): Json {
  const { id, name, realm, numbers, patterns, seat, flow, schedule, rev, rest } = callflow;
  const entries = schedule.map(({ weekdays, at, timeZone }) => ({ weekdays, at, timeZone }));
  const tree = flow === null ? null : formatFlow(flow);
  return { ...rest, id, name, realm, numbers, patterns, seat, flow: tree, schedule: entries, rev };
}

const FAULTS: Readonly<Record<JsonFault, string>> = {
  'not-json': 'The document holds something that is not JSON',
  'forbidden-key': 'The document holds the key "__proto__", which no document needs',
  'too-deep': `Values are nested more than ${DOCUMENT_LIMITS.nesting} deep`,
  'too-large': `The document is larger than ${DOCUMENT_LIMITS.size / 1024} KiB`,
};

type Document = Readonly<Record<string, Json>>;

function headProblems(document: Document): readonly CallflowProblem[] {
  const { name = '', numbers = [], patterns = [], seat = null, schedule = [] } = document;
  const { name: longest, numbers: most, number, patterns: mostPatterns, pattern } = DOCUMENT_LIMITS;
  return [
    isText(name, 0, longest)
      ? []
      : [whole('bad-name', `The name must be a text of at most ${longest} characters`)],
    isTexts(numbers, most, number)
      ? []
      : [
          whole(
            'bad-numbers',
            `Numbers must be a list of at most ${most} texts of 1 to ${number} characters`,
          ),
        ],
    isTexts(patterns, mostPatterns, pattern)
      ? []
      : [
          whole(
            'bad-patterns',
            `Patterns must be a list of at most ${mostPatterns} texts of 1 to ${pattern} characters`,
          ),
        ],
    seat === null || isText(seat, 1, DOCUMENT_LIMITS.key)
      ? []
      : [whole('bad-seat', 'The seat must be the id of a seat or null')],
    isSchedule(schedule)
      ? []
      : [
          whole(
            'bad-schedule',
            'Each time of the schedule needs weekdays 1 to 7, a time as HH:MM and a time zone',
          ),
        ],
  ].flat();
}

/** What stands above the flow, of a document without problems. */
function headOf(document: Document): Pick<Callflow, 'name' | 'numbers' | 'patterns' | 'seat' | 'schedule'> {
  const { numbers = [], patterns = [], seat = null, schedule = [] } = document;
  return {
    name: nameOf(document),
    numbers: isTexts(numbers, DOCUMENT_LIMITS.numbers, DOCUMENT_LIMITS.number) ? numbers : [],
    patterns: isTexts(patterns, DOCUMENT_LIMITS.patterns, DOCUMENT_LIMITS.pattern) ? patterns : [],
    seat: typeof seat === 'string' ? seat : null,
    schedule: isSchedule(schedule)
      ? schedule.map(({ weekdays, at, timeZone }) => ({ weekdays, at, timeZone }))
      : [],
  };
}

/** Kazoo's documents may have no name: then that of the feature code, or the first number, says what it is. */
function nameOf(document: Document): string {
  const { name, featurecode = null, numbers = [] } = document;
  if (typeof name === 'string') return name;
  const feature = isObject(featurecode) ? textOf(featurecode, 'name') : null;
  const first = Array.isArray(numbers) ? numbers[0] : null;
  return (feature ?? (typeof first === 'string' ? first : '')).slice(0, DOCUMENT_LIMITS.name);
}

function restOf(document: Document): Document {
  return Object.fromEntries(Object.entries(document).filter(([key]) => !OWN_KEYS.includes(key)));
}

function isText(value: Json, shortest: number, longest: number): value is string {
  return typeof value === 'string' && value.length >= shortest && value.length <= longest;
}

function isTexts(value: Json, most: number, longest: number): value is readonly string[] {
  return Array.isArray(value) && value.length <= most && value.every((text) => isText(text, 1, longest));
}

function isSchedule(value: Json): value is readonly (ScheduleEntry & Document)[] {
  return Array.isArray(value) && value.length <= DOCUMENT_LIMITS.schedule && value.every(isEntry);
}

function isEntry(value: Json): boolean {
  if (!isObject(value)) return false;
  const { weekdays = null, at = null, timeZone = null } = value;
  const days =
    Array.isArray(weekdays) && weekdays.length > 0 && weekdays.length <= 7 && weekdays.every(isWeekday);
  const minute = typeof at === 'string' ? minuteOfDay(at) : null;
  return days && minute !== null && minute < 1440 && isText(timeZone, 1, 64);
}

function whole(code: string, message: string): CallflowProblem {
  return { severity: 'error', code, message, path: null };
}
