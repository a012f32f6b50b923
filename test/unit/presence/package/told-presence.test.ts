import { describe, expect, it } from 'vitest';
import { toldPresence } from '../../../../src/presence/package/told-presence.ts';
import type { PublishedPresence } from '../../../../src/presence/publication.ts';
import { boardWith } from '../../../support/boards.ts';
import { publication } from '../../../support/published.ts';

const STYLE = { order: ['early', 'confirmed', 'proceeding', 'trying', 'terminated'], view: 'all' } as const;
const LEG = { id: 'd1', state: 'confirmed', expiresAt: 5_000 } as const;
const MANUAL = { status: 'busy', note: 'Closed', dialogId: 'm1' } as const;

function said(facts: Partial<PublishedPresence>) {
  const presence = { basic: 'open', activities: [], ...facts } as const;
  return publication({
    package: 'presence',
    presence,
    busyId: facts.activities?.includes('busy') ? 'b1' : null,
  });
}

describe('toldPresence()', () => {
  it('of nothing is ready', () => {
    expect(toldPresence(null, STYLE)).toEqual({ basic: 'open', activities: [], note: 'Ready' });
  });

  it('of an idle phone is what it has published', () => {
    const board = boardWith({
      publications: [said({ basic: 'closed', activities: ['away'], note: 'On a trip' })],
    });
    expect(toldPresence(board, STYLE)).toEqual({ basic: 'closed', activities: ['away'], note: 'On a trip' });
  });

  it('of a phone that says busy has no call in it', () => {
    const board = boardWith({ publications: [said({ activities: ['busy'] })] });
    expect(toldPresence(board, STYLE)).toEqual({ basic: 'open', activities: ['busy'], note: 'Ready' });
  });

  it('tells a call first, published or not', () => {
    const idle = said({ basic: 'closed', activities: ['away'], note: 'Available' });
    const told = { basic: 'open', activities: ['on-the-phone', 'away'], note: 'On the phone' };
    expect(toldPresence(boardWith({ publications: [idle], legs: [LEG] }), STYLE)).toEqual(told);
    expect(toldPresence(boardWith({ publications: [idle, publication({ legs: [LEG] })] }), STYLE)).toEqual(
      told,
    );
  });

  it('is open if one phone is, with the activities of all and the newest note', () => {
    const publications = [
      said({ basic: 'closed', activities: ['away', 'meal'], note: 'old' }),
      said({ activities: ['meal'], note: 'new' }),
      said({ activities: ['travel'] }),
    ];
    expect(toldPresence(boardWith({ publications }), STYLE)).toEqual({
      basic: 'open',
      activities: ['away', 'meal', 'travel'],
      note: 'new',
    });
  });

  it('has the note of the manual status before any other', () => {
    const board = boardWith({ manual: MANUAL, publications: [said({ note: 'Available' })] });
    expect(toldPresence(board, STYLE).note).toBe('Closed');
  });

  it('is the lamp alone for those who may see no more, and idle for those who may see nothing', () => {
    const busy = said({ basic: 'closed', activities: ['busy', 'meal'], note: 'With Zoë' });
    const board = boardWith({ publications: [busy] });
    const lamp = { basic: 'open', activities: ['on-the-phone'], note: 'On the phone' };
    expect(toldPresence(board, { ...STYLE, view: 'lamp' })).toEqual(lamp);
    const idle = { basic: 'open', activities: [], note: 'Ready' };
    expect(toldPresence(board, { ...STYLE, view: 'nothing' })).toEqual(idle);
  });
});
