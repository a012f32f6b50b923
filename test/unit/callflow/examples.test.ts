import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkCallflow } from '../../../src/callflow/check.ts';
import { dueOccurrences } from '../../../src/callflow/schedule.ts';
import { drive, parsed, readJson, WORLD, zoneTime } from '../../support/callflow.ts';

const FOLDER = join(import.meta.dirname, '../../../config/callflows');
const example = (name: string) => parsed(readJson(`config/callflows/${name}.json`), name);
const examples = readdirSync(FOLDER).map((file) => example(file.replace('.json', '')));

describe('the examples', () => {
  it('have no problem, not even with each other', () => {
    expect(examples.map((one) => one.name).sort()).toEqual(['Night switch', 'Open hours', 'Reception busy']);
    for (const one of examples)
      expect(checkCallflow(one, { others: examples, seats: [], world: WORLD })).toEqual([]);
  });

  it('night switch: *30 toggles night', () => {
    expect(example('night-switch').numbers).toEqual(['*30']);
    expect(drive(example('night-switch')).effects).toMatchObject([
      { resource: { user: 'night' }, status: 'toggle' },
    ]);
  });

  it.each(['busy', 'idle'] as const)('reception busy: *31 changes a lamp that is %s', (status) => {
    const { effects } = drive(example('reception-busy'), {
      answer: (effect) => (effect.kind === 'read-lamp' ? { kind: 'lamp', status } : null),
    });
    expect(effects[1]).toMatchObject({
      resource: { user: 'reception' },
      status: status === 'busy' ? 'idle' : 'busy',
    });
  });

  it('open hours: at each time of its schedule the lamp becomes what the rules say', () => {
    const hours = example('open-hours');
    const window = { after: Date.parse('2026-06-29T00:00:00Z'), until: Date.parse('2026-07-05T00:00:00Z') };
    const moments = dueOccurrences(hours.schedule, window, zoneTime);
    const shown = moments.map((now) => {
      const [effect] = drive(hours, { input: { now, trigger: 'schedule' } }).effects;
      return effect?.kind === 'set-manual' ? effect.status : null;
    });
    expect(shown).toEqual(Array(5).fill(['idle', 'busy']).flat());
  });
});
