import { type Action, failed, goOn, oneExit } from '../action.ts';
import { type Data, numberOf, textOf } from '../data.ts';
import type { ChoiceField, NumberField } from '../field.ts';
import { RUN_LIMITS } from '../limits.ts';

const DURATION: NumberField = {
  kind: 'number',
  key: 'duration',
  label: 'Duration',
  help: 'How long to wait. All waits of one run together last 10 minutes at most.',
  min: 0,
  max: 86_400_000,
  initial: 0,
};

const UNIT: ChoiceField = {
  kind: 'choice',
  key: 'unit',
  label: 'Unit',
  help: 'What the duration counts.',
  options: [
    { value: 'ms', label: 'Milliseconds' },
    { value: 's', label: 'Seconds' },
    { value: 'm', label: 'Minutes' },
    { value: 'h', label: 'Hours' },
  ],
  initial: 's',
};

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** Waits, then goes on. */
export const sleep: Action = {
  module: 'sleep',
  title: 'Wait',
  group: 'Advanced',
  help: 'Waits for a time, then goes on.',
  fields: [DURATION, UNIT],
  defaultData: { duration: 1, unit: 's' },
  exits: oneExit,
  caption: (data) => `${numberOf(data, DURATION)} ${textOf(data, UNIT.key) ?? UNIT.initial}`,
  check: (data) => {
    if (wantedMs(data) <= RUN_LIMITS.sleepMs) return [];
    const message = `All waits of a run last ${RUN_LIMITS.sleepMs / 60_000} minutes at most: this one is cut`;
    return [{ severity: 'warning', code: 'long-sleep', message }];
  },
  begin: (block) => {
    const wanted = wantedMs(block.data);
    if (wanted === 0) return goOn('Did not wait');
    if (block.sleepLeftMs === 0)
      return { kind: 'end', result: 'Waited too long in all', outcome: 'too-long' };
    return { kind: 'ask', effect: { kind: 'sleep', ms: Math.min(wanted, block.sleepLeftMs) } };
  },
  resume: (_, answer) => (answer.kind === 'failed' ? failed(answer.message) : goOn('Waited')),
};

/** ms, a whole number. */
function wantedMs(data: Data): number {
  const unit = textOf(data, UNIT.key) ?? UNIT.initial;
  const factor = Object.hasOwn(UNIT_MS, unit) ? UNIT_MS[unit] : 1000;
  return Math.round((numberOf(data, DURATION) ?? 0) * (factor ?? 1000));
}
