import { describe, expect, it } from 'vitest';
import { dialogsOf, type LampOrder, lampStatus } from '../../../src/presence/lamp.ts';
import type { Leg } from '../../../src/presence/leg.ts';
import { boardWith } from '../../support/boards.ts';
import { publication } from '../../support/published.ts';

const ORDER: LampOrder = ['early', 'confirmed', 'proceeding', 'trying', 'terminated'];
const leg = (id: string, state: Leg['state'], facts: Partial<Leg> = {}): Leg => ({
  id,
  state,
  expiresAt: 1,
  ...facts,
});

describe('dialogsOf()', () => {
  it('gives an idle lamp one terminated dialog with the id of the one that ended', () => {
    expect(dialogsOf(boardWith({ lastDialogId: 'd9' }), ORDER)).toEqual([
      { id: 'd9', state: 'terminated', direction: 'recipient', leg: null },
    ]);
    expect(dialogsOf(null, ORDER)).toHaveLength(1);
  });

  it('puts early before confirmed: a ringing phone can be picked up', () => {
    const board = boardWith({ legs: [leg('talk', 'confirmed'), leg('ring', 'early')] });
    expect(dialogsOf(board, ORDER).map((dialog) => dialog.id)).toEqual(['ring', 'talk']);
  });

  it('follows the order that the operator sets', () => {
    const board = boardWith({ legs: [leg('talk', 'confirmed'), leg('ring', 'early')] });
    const order: LampOrder = ['confirmed', 'early', 'proceeding', 'trying', 'terminated'];
    expect(dialogsOf(board, order)[0]?.id).toBe('talk');
  });

  it('lets a manual status and a call stand side by side', () => {
    const manual = { status: 'busy', dialogId: 'm1' } as const;
    const board = boardWith({ manual, legs: [leg('ring', 'early')] });
    expect(dialogsOf(board, ORDER).map((dialog) => dialog.id)).toEqual(['ring', 'm1']);
  });

  it('shows a caller who hears ringing as confirmed, never early', () => {
    const board = boardWith({ legs: [leg('out', 'early', { direction: 'initiator' })] });
    expect(dialogsOf(board, ORDER)[0]).toMatchObject({ state: 'confirmed', direction: 'initiator' });
  });
});

describe('dialogsOf() with publications', () => {
  it('joins published calls and presence that says busy with all others', () => {
    const published = publication({ legs: [leg('ring', 'early')] });
    const busy = publication({ package: 'presence', busyId: 'b1' });
    const board = boardWith({ legs: [leg('talk', 'confirmed')], publications: [published, busy] });
    expect(dialogsOf(board, ORDER).map(({ id, state }) => [id, state])).toEqual([
      ['ring', 'early'],
      ['talk', 'confirmed'],
      ['b1', 'confirmed'],
    ]);
  });

  it('shows a call once that an engine and a phone tell of, as the more telling of both', () => {
    const board = boardWith({
      legs: [leg('c1', 'confirmed', { callId: 'c1' })],
      publications: [publication({ legs: [leg('c1', 'early')] })],
    });
    expect(dialogsOf(board, ORDER).map(({ id, state }) => [id, state])).toEqual([['c1', 'early']]);
  });

  it('gives ids that are unique in the document (RFC 4235 §4.1.1), whatever publishers chose', () => {
    const call = (callId: string) => publication({ legs: [leg('1', 'confirmed', { callId })] });
    const board = boardWith({ publications: [call('c1'), call('c2'), call('c3')] });
    expect(dialogsOf(board, ORDER).map(({ id }) => id)).toEqual(['1', '1-2', '1-3']);
  });
});

describe('lampStatus()', () => {
  it.each([
    ['terminated', 'idle'],
    ['early', 'ringing'],
    ['confirmed', 'busy'],
    ['proceeding', 'trying'],
    ['trying', 'trying'],
  ] as const)('calls %s %s', (state, status) => {
    expect(lampStatus({ id: 'x', state, direction: 'recipient', leg: null })).toBe(status);
  });

  it('calls a confirmed leg on hold held', () => {
    const held = leg('x', 'confirmed', { held: true });
    expect(lampStatus({ id: 'x', state: 'confirmed', direction: 'recipient', leg: held })).toBe('held');
  });
});
