import { describe, expect, it } from 'vitest';
import { applyLegEvent } from '../../../src/presence/leg-event.ts';
import { clearManual, setManual } from '../../../src/presence/manual.ts';
import { boardWith, changeAt, countingIds, legEvent, NIGHT } from '../../support/boards.ts';

describe('setManual()', () => {
  it('makes the first board of a resource with rev 1', () => {
    const board = setManual(null, NIGHT, { change: { status: 'busy' }, context: changeAt(5) });
    expect(board).toMatchObject({ rev: 1, changedAt: 5, changedBy: 'test', manual: { status: 'busy' } });
  });

  it('starts above the highest rev that anybody reports', () => {
    const context = { ...changeAt(5), revFloor: 41 };
    expect(setManual(null, NIGHT, { change: { status: 'busy' }, context })?.rev).toBe(42);
  });

  it('is never earlier than the change before, whatever the clock of a node says', () => {
    const busy = setManual(null, NIGHT, { change: { status: 'busy' }, context: changeAt(5) });
    const idle = setManual(busy, NIGHT, { change: { status: 'idle' }, context: changeAt(2) });
    expect(idle).toMatchObject({ rev: 2, changedAt: 5 });
  });

  it('gives back the same board when the same status is set again', () => {
    const busy = setManual(null, NIGHT, { change: { status: 'busy', note: 'x' }, context: changeAt(5) });
    expect(setManual(busy, NIGHT, { change: { status: 'busy', note: 'x' }, context: changeAt(6) })).toBe(
      busy,
    );
  });

  it('gives nothing when idle is set where nothing is known', () => {
    expect(setManual(null, NIGHT, { change: { status: 'idle' }, context: changeAt(5) })).toBeNull();
  });

  it('takes a new dialog id at each change of status: some phones refuse early after confirmed in one id', () => {
    const ids = countingIds();
    const busy = setManual(null, NIGHT, { change: { status: 'busy' }, context: changeAt(1, ids) });
    const ringing = setManual(busy, NIGHT, { change: { status: 'ringing' }, context: changeAt(2, ids) });
    expect(ringing?.manual?.dialogId).not.toBe(busy?.manual?.dialogId);
  });

  it('keeps the dialog id when only note or expiry change', () => {
    const ids = countingIds();
    const busy = setManual(null, NIGHT, { change: { status: 'busy' }, context: changeAt(1, ids) });
    const longer = setManual(busy, NIGHT, {
      change: { status: 'busy', expiresIn: 60 },
      context: changeAt(2, ids),
    });
    expect(longer).toMatchObject({ rev: 2, manual: { expiresAt: 60_002, dialogId: busy?.manual?.dialogId } });
  });

  it('never hides a call: idle takes the manual status away and leaves the legs', () => {
    const ringing = applyLegEvent(boardWith({}), NIGHT, { event: legEvent(), context: changeAt(1) });
    const busy = setManual(ringing, NIGHT, { change: { status: 'busy' }, context: changeAt(2) });
    const idle = setManual(busy, NIGHT, { change: { status: 'idle' }, context: changeAt(3) });
    expect(idle).toMatchObject({ manual: null, legs: [{ id: 'leg1' }] });
  });
});

describe('clearManual()', () => {
  it('remembers the id of the dialog that ended, for the idle document', () => {
    const manual = { status: 'busy', dialogId: 'd7' } as const;
    expect(clearManual(boardWith({ manual }), changeAt(9))).toMatchObject({
      manual: null,
      lastDialogId: 'd7',
    });
  });
});
