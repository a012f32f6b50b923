import type { Callflow, Json, Seat } from '../../../src/callflow/callflow.ts';
import type { RunRecord } from '../../../src/callflow/run.ts';
import { NOW, randomId } from './values.ts';

/** A realm that no other test uses. */
export function freshRealm(): string {
  return `${randomId()}.example`;
}

/** A callflow of a realm that is saved for the first time, with every field filled. */
export function callflowOf(realm: string, facts: Partial<Callflow> = {}): Callflow {
  const end = { module: 'hangup', data: {}, children: {} };
  return {
    id: randomId(),
    name: 'Night caf\u00e9 \u{1f319}',
    realm,
    numbers: ['*30', '+493012345'],
    patterns: ['^\\*3(\\d)$'],
    seat: 'seat1',
    flow: {
      module: 'manual_presence',
      data: { presence_id: 'night', status: 'busy', deep: [{ a: [null, 1.5, true, ''] }] },
      children: { _: end, 'odd exit \u{1f6aa}': end },
      rest: { ui: { x: 1 } },
    },
    schedule: [{ weekdays: [1, 7], at: '18:00', timeZone: 'Europe/Berlin' }],
    rest: { featurecode: { name: 'Night' }, metadata: [] },
    rev: 1,
    ...facts,
  };
}

/** The same callflow, one rev later and with other facts. */
export function nextOf(callflow: Callflow, facts: Partial<Callflow> = {}): Callflow {
  return { ...callflow, rev: callflow.rev + 1, ...facts };
}

/** JSON that holds what plain objects must not be given: keys of the prototype. */
export function trickyJson(): Record<string, Json> {
  return JSON.parse(
    '{"__proto__":{"polluted":true},"constructor":{"prototype":1},"toString":"x","inner":{"__proto__":null}}',
  );
}

/** A seat that is saved for the first time. */
export function seatOf(realm: string, facts: Partial<Seat> = {}): Seat {
  return {
    id: randomId(),
    realm,
    name: 'Reception',
    extension: '1001',
    presenceId: '1001',
    rev: 1,
    ...facts,
  };
}

/** The record of a run of a callflow. */
export function runOf(realm: string, callflowId: string, facts: Partial<RunRecord> = {}): RunRecord {
  return {
    id: randomId(),
    callflowId,
    realm,
    startedAt: NOW,
    endedAt: NOW + 12,
    trigger: 'call',
    number: '*30',
    caller: '"J\u00f6rg" <1001>',
    steps: [{ callflowId, path: ['_'], module: 'manual_presence', result: 'busy', exit: null }],
    outcome: 'ended',
    ...facts,
  };
}
