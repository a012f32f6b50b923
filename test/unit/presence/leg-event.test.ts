import { describe, expect, it } from 'vitest';
import type { Board } from '../../../src/presence/board.ts';
import { dialogsOf } from '../../../src/presence/lamp.ts';
import { LEG_STATES } from '../../../src/presence/leg.ts';
import { applyLegEvent, endLegs, type LegEvent } from '../../../src/presence/leg-event.ts';
import { changeAt, legEvent, NIGHT } from '../../support/boards.ts';

function apply(board: Board | null, facts: Partial<LegEvent>, now = 1_000): Board | null {
  return applyLegEvent(board, NIGHT, { event: legEvent(facts), context: changeAt(now) });
}

describe('applyLegEvent()', () => {
  it('adds a leg that runs out by itself', () => {
    expect(apply(null, { expiresIn: 60 })).toMatchObject({
      rev: 1,
      legs: [{ id: 'leg1', state: 'early', expiresAt: 61_000 }],
    });
  });

  it('moves a leg on and keeps what earlier events said of it', () => {
    const ringing = apply(null, { callId: 'abc', remote: { identity: 'sip:a@b' } });
    expect(apply(ringing, { state: 'confirmed' })?.legs).toMatchObject([
      { state: 'confirmed', callId: 'abc', remote: { identity: 'sip:a@b' } },
    ]);
  });

  it('ends a leg with terminated and remembers its id for a minute', () => {
    const ended = apply(apply(null, {}), { state: 'terminated' });
    expect(ended).toMatchObject({
      rev: 2,
      legs: [],
      lastDialogId: 'leg1',
      ended: [{ id: 'leg1', until: 61_000 }],
    });
  });

  it('ignores an event of a leg that has ended: a late early must not light the lamp again', () => {
    const ended = apply(apply(null, {}), { state: 'terminated' });
    expect(apply(ended, { state: 'early' }, 60_999)).toBe(ended);
    expect(apply(ended, { state: 'early' }, 61_000)?.legs).toHaveLength(1);
  });

  it('ignores an event whose seq is not above the last one, terminated too', () => {
    const second = apply(null, { seq: 2, state: 'confirmed' });
    expect(apply(second, { seq: 1, state: 'confirmed', held: true })).toBe(second);
    expect(apply(second, { seq: 2, state: 'terminated' })).toBe(second);
    expect(apply(second, { seq: 3, state: 'terminated' })?.legs).toHaveLength(0);
  });

  it('ignores a state that lies before the one the leg has reached (RFC 4235 §3.7.1)', () => {
    const talking = apply(null, { state: 'confirmed' });
    expect(apply(talking, { state: 'early' })).toBe(talking);
  });

  it('RFC 4235 §3.7.1: a leg that is shown in an earlier state than before gets a dialog id of its own', () => {
    const calling = apply(null, { direction: 'initiator' });
    const ringing = apply(calling, { direction: 'recipient' });
    expect(dialogsOf(calling, LEG_STATES)[0]).toMatchObject({ id: 'leg1', state: 'confirmed' });
    const [shown] = dialogsOf(ringing, LEG_STATES);
    expect(shown?.state).toBe('early');
    expect(shown?.id).not.toBe('leg1');
    const talking = apply(ringing, { direction: 'recipient', state: 'confirmed' });
    expect(dialogsOf(talking, LEG_STATES)[0]).toMatchObject({ id: shown?.id, state: 'confirmed' });
    expect(apply(talking, { state: 'terminated' })?.lastDialogId).toBe(shown?.id);
  });

  it('RFC 4235 §3.7.1: a call under the id of the one that ended last gets a dialog id of its own', () => {
    const ended = apply(apply(null, { state: 'confirmed' }), { state: 'terminated' });
    const [shown] = dialogsOf(apply(ended, {}, 61_001), LEG_STATES);
    expect(shown).toMatchObject({ state: 'early', leg: { id: 'leg1' } });
    expect(shown?.id).not.toBe('leg1');
  });

  it('RFC 4235 §3.7.1: a second call rings in a dialog id of its own beside the first', () => {
    const both = apply(apply(null, { state: 'confirmed' }), { id: 'leg2' });
    expect(dialogsOf(both, ['early', 'confirmed']).map(({ id, state }) => [id, state])).toEqual([
      ['leg2', 'early'],
      ['leg1', 'confirmed'],
    ]);
  });

  it('gives back the same board for an event that says nothing new', () => {
    const ringing = apply(null, {});
    expect(apply(ringing, {})).toBe(ringing);
  });

  it('keeps at most 64 legs: the one that would run out first gives way', () => {
    let board: Board | null = null;
    for (let index = 0; index < 70; index += 1)
      board = apply(board, { id: `leg${index}`, expiresIn: 1000 - index });
    expect(board?.legs).toHaveLength(64);
    expect(board?.legs.some((leg) => leg.id === 'leg68')).toBe(false);
  });
});

describe('endLegs()', () => {
  it('ends every leg of a source in one change', () => {
    const two = apply(apply(null, { id: 'a', source: 'pbx1' }), { id: 'b', source: 'pbx1' });
    const three = apply(two, { id: 'c', source: 'pbx2' });
    const ends = (leg: { source?: string }) => leg.source === 'pbx1';
    expect(endLegs(three, NIGHT, { ends, context: changeAt(2_000) })).toMatchObject({
      rev: 4,
      legs: [{ id: 'c' }],
    });
  });

  it('gives back the same board when no leg is meant', () => {
    const board = apply(null, {});
    expect(endLegs(board, NIGHT, { ends: () => false, context: changeAt(2_000) })).toBe(board);
  });
});
