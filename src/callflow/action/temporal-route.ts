import type { Action, Block, BlockAround, BlockProblem, Exit, Exits, Move } from '../action.ts';
import { failed } from '../action.ts';
import type { Json } from '../callflow.ts';
import { type Data, isObject, listOf, textOf } from '../data.ts';
import { isHoliday, isOnHoliday, parseTimeRule, ruleHolds, type TimeRule } from '../time-rule.ts';

/** The exit of a day on the list of holidays; no rule holds on it. */
const HOLIDAY = 'holiday';
const MAX_RULES = 50;
const MAX_HOLIDAYS = 200;

/** Goes on by the time of day and of the week: the first rule that holds names the exit. */
export const temporalRoute: Action = {
  module: 'temporal_route',
  title: 'Time of Day',
  group: 'Branch',
  help: 'Goes on by weekday, time of day and holidays: the first rule that holds now names the exit.',
  fields: [
    {
      kind: 'text',
      key: 'timezone',
      label: 'Time zone',
      help: 'The zone whose wall clock counts, such as Europe/Berlin. Left empty: UTC.',
      maxLength: 64,
      placeholder: 'Europe/Berlin',
      suggest: 'time-zone',
    },
    {
      kind: 'rules',
      key: 'rules',
      label: 'Rules',
      help: 'Each rule is an exit. A rule that ends before it begins goes on over midnight.',
    },
    {
      kind: 'lines',
      key: 'holidays',
      label: 'Holidays',
      help: 'Days on which no rule holds: 2027-05-06 once, or 12-25 every year. They have an exit of their own.',
      maxLines: MAX_HOLIDAYS,
      maxLength: 10,
      placeholder: '12-25',
    },
  ],
  defaultData: {
    timezone: 'UTC',
    rules: [{ name: 'open', weekdays: [1, 2, 3, 4, 5], from: '09:00', to: '17:00' }],
    holidays: [],
  },
  exits,
  caption: (data) =>
    rulesOf(data)
      .map((rule) => rule.name)
      .join(', '),
  check,
  begin,
};

function exits(data: Data): Exits {
  const names = new Set(rulesOf(data).map((rule) => rule.name));
  if (listOf(data, 'holidays').length > 0) names.add(HOLIDAY);
  // Rules that are kept elsewhere (Kazoo) are named by their id: their exits are real, but never taken here.
  for (const rule of listOf(data, 'rules').slice(0, MAX_RULES)) if (typeof rule === 'string') names.add(rule);
  const named: readonly Exit[] = [...names].map((name) => ({ name, label: name }));
  return { named: [...named, { name: '_', label: 'Otherwise' }], further: null };
}

function begin(block: Block): Move {
  const zone = textOf(block.data, 'timezone') ?? 'UTC';
  const time = block.world.zoneTime(block.now, zone);
  if (time === null) return failed(`There is no time zone ${zone.slice(0, 64)}`);
  const holidays = listOf(block.data, 'holidays').slice(0, MAX_HOLIDAYS);
  if (isOnHoliday(holidays, time)) return { kind: 'exit', exit: HOLIDAY, result: 'It is a holiday' };
  const rule = rulesOf(block.data).find((one) => ruleHolds(one, time));
  if (rule === undefined) return { kind: 'exit', exit: '_', result: 'No rule holds now' };
  return { kind: 'exit', exit: rule.name, result: `Rule ${rule.name} holds` };
}

function rulesOf(data: Data): readonly TimeRule[] {
  const rules = listOf(data, 'rules').slice(0, MAX_RULES).map(parseTimeRule);
  return rules.filter((rule) => rule !== null);
}

function check(data: Data, around: BlockAround): readonly BlockProblem[] {
  return [
    ...checkZone(data, around),
    ...listOf(data, 'rules').flatMap(checkRule),
    ...checkNames(data),
    ...checkHolidays(data),
  ];
}

function checkZone(data: Data, { world }: BlockAround): readonly BlockProblem[] {
  const zone = textOf(data, 'timezone');
  if (zone === null) {
    return [
      { severity: 'warning', code: 'no-time-zone', message: 'No time zone is set: the rules hold in UTC' },
    ];
  }
  if (world.zoneTime(0, zone) !== null) return [];
  return [
    { severity: 'error', code: 'bad-time-zone', message: `There is no time zone "${zone.slice(0, 64)}"` },
  ];
}

function checkRule(rule: Json): readonly BlockProblem[] {
  if (typeof rule === 'string') {
    const message = `The rule "${rule.slice(0, 64)}" is kept elsewhere and never holds here: write weekdays and times`;
    return [{ severity: 'warning', code: 'rule-elsewhere', message }];
  }
  if (parseTimeRule(rule) !== null) return [];
  const name = isObject(rule) ? (textOf(rule, 'name') ?? '') : '';
  const message = `The rule "${name.slice(0, 64)}" cannot be read: want a name, weekdays 1 to 7, times as HH:MM`;
  return [{ severity: 'error', code: 'bad-rule', message }];
}

function checkNames(data: Data): readonly BlockProblem[] {
  const names = rulesOf(data).map((rule) => rule.name);
  if (listOf(data, 'holidays').length > 0) names.push(HOLIDAY);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice === undefined) return [];
  return [{ severity: 'warning', code: 'rule-twice', message: `Two rules share the exit "${twice}"` }];
}

function checkHolidays(data: Data): readonly BlockProblem[] {
  const wrong = listOf(data, 'holidays').find((day) => typeof day === 'string' && !isHoliday(day));
  if (wrong === undefined) return [];
  const message = `"${String(wrong).slice(0, 32)}" is no holiday: want YYYY-MM-DD or MM-DD`;
  return [{ severity: 'error', code: 'bad-holiday', message }];
}
