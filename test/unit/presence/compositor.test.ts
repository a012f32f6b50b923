import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Board } from '../../../src/presence/board.ts';
import {
  composePublication,
  dropPublications,
  lapsePublications,
  type PublicationRequest,
} from '../../../src/presence/compositor.ts';
import { expireBoard } from '../../../src/presence/expiry.ts';
import { dialogsOf } from '../../../src/presence/lamp.ts';
import type { LegState } from '../../../src/presence/leg.ts';
import { LEG_STATES } from '../../../src/presence/leg.ts';
import type { PublishedState } from '../../../src/presence/publication.ts';
import { boardWith, countingIds, NIGHT } from '../../support/boards.ts';
import { activities, dialog, dialogs, publishing } from '../../support/published.ts';

/** A board on which a test publishes, step by step. */
class Esc {
  board: Board | null = null;
  now = 0;
  readonly tags: string[] = [];
  readonly #newId = countingIds();

  /** Publishes; gives the entity-tag of a success, else the kind of the refusal. */
  publish(facts: Partial<PublicationRequest>): string {
    const request = publishing(facts);
    const result = composePublication(this.board, NIGHT, { request, context: this.context() });
    if (result.kind !== 'composed') return result.kind;
    this.board = result.board;
    this.tags.push(result.etag);
    return result.etag;
  }

  say(...states: readonly PublishedState[]): readonly string[] {
    return states.map((state) => this.publish({ state }));
  }

  context() {
    return { now: this.now, newId: this.#newId, revFloor: 0, by: 'publish' };
  }

  get lamp(): LegState {
    return (
      dialogsOf(this.board, ['early', 'confirmed', 'proceeding', 'trying', 'terminated'])[0]?.state ??
      'terminated'
    );
  }
}

describe('composePublication()', () => {
  it('creates: each initial publication gets a place and an entity-tag of its own (RFC 3903 §6 step 6)', () => {
    const esc = new Esc();
    const [one, other] = esc.say(dialogs(dialog()), activities('busy'));
    expect(esc.board?.publications.map(({ etag, package: name }) => [etag, name])).toEqual([
      [one, 'dialog'],
      [other, 'presence'],
    ]);
    expect(esc.board?.publications[0]).toMatchObject({
      expiresAt: 3_600_000,
      legs: [{ id: 'd1', expiresAt: 3_600_000 }],
    });
    expect(esc.board).toMatchObject({ rev: 2, changedBy: 'publish' });
  });

  it('refuses an initial publication without a body (RFC 3903 §6 step 5)', () => {
    expect(new Esc().publish({})).toBe('no-state');
    expect(new Esc().publish({ seconds: 0 })).toBe('no-state');
  });

  it('refreshes: the state stays, its time and its entity-tag are new (RFC 3903 §4.3)', () => {
    const esc = new Esc();
    const [tag = ''] = esc.say(dialogs(dialog()));
    esc.now = 1_000;
    const next = esc.publish({ ifMatch: tag, seconds: 60 });
    expect(next).not.toBe(tag);
    expect(esc.board?.publications).toMatchObject([
      { etag: next, expiresAt: 61_000, legs: [{ id: 'd1', expiresAt: 61_000 }] },
    ]);
  });

  it('modifies: the body takes the place of the state before (RFC 3903 §4.4)', () => {
    const esc = new Esc();
    const [tag = ''] = esc.say(dialogs(dialog({ id: 'd1' }), dialog({ id: 'd2', state: 'confirmed' })));
    esc.publish({ ifMatch: tag, state: dialogs(dialog({ id: 'd2', state: 'confirmed' })) });
    expect(esc.board?.publications.map(({ legs }) => legs.map(({ id }) => id))).toEqual([['d2']]);
    expect(esc.board?.lastDialogId).toBe('d1');
  });

  it('modifies with a partial document: dialogs that it does not name stay (RFC 4235 §4.3)', () => {
    const esc = new Esc();
    const [tag = ''] = esc.say(dialogs(dialog({ id: 'd1', state: 'confirmed' }), dialog({ id: 'd2' })));
    const state = { ...dialogs(dialog({ id: 'd2', state: 'terminated' })), partial: true };
    esc.publish({ ifMatch: tag, state });
    expect(esc.board?.publications[0]?.legs).toMatchObject([{ id: 'd1', state: 'confirmed' }]);
    expect(esc.lamp).toBe('confirmed');
  });

  it('removes at once with Expires 0 (RFC 3903 §4.5)', () => {
    const esc = new Esc();
    const [tag = ''] = esc.say(activities('busy'));
    expect(esc.lamp).toBe('confirmed');
    expect(esc.publish({ package: 'presence', ifMatch: tag, seconds: 0 })).not.toBe(tag);
    expect(esc.board?.publications).toEqual([]);
    expect(esc.lamp).toBe('terminated');
  });

  it('stores nothing of an initial publication with Expires 0 (RFC 3903 §6 step 4)', () => {
    const esc = new Esc();
    expect(esc.publish({ state: dialogs(dialog()), seconds: 0 })).toMatch(/^id/);
    expect(esc.board).toBeNull();
  });

  it.each([
    ['a tag that never was', () => 'nonsense', 0],
    ['a tag that a later PUBLISH has replaced', (esc: Esc) => esc.tags[0] ?? '', 0],
    [
      'the tag of a publication that has run out and is still on the board',
      (esc: Esc) => esc.tags[1] ?? '',
      3_600_000,
    ],
  ])('refuses %s (RFC 3903 §6 step 3)', (_, tagOf, now) => {
    const esc = new Esc();
    const [tag = ''] = esc.say(dialogs(dialog()));
    esc.publish({ ifMatch: tag });
    const before = esc.board;
    esc.now = now;
    expect(esc.publish({ ifMatch: tagOf(esc), state: dialogs() })).toBe('unknown-tag');
    expect(esc.board).toBe(before);
  });

  it('refuses the tag of another event package', () => {
    const esc = new Esc();
    const [tag = ''] = esc.say(dialogs(dialog()));
    expect(esc.publish({ package: 'presence', ifMatch: tag, seconds: 0 })).toBe('unknown-tag');
  });

  it('keeps 64 publications: the one that would run out first gives way, never the newest', () => {
    const esc = new Esc();
    for (let index = 0; index < 64; index += 1) {
      esc.publish({ state: activities('away'), seconds: index === 7 ? 60 : 3600 });
    }
    const newest = esc.publish({ state: activities('away'), seconds: 10 });
    expect(esc.board?.publications).toHaveLength(64);
    expect(esc.board?.publications.some(({ etag }) => etag === esc.tags[7])).toBe(false);
    expect(esc.board?.publications.at(-1)?.etag).toBe(newest);
  });

  it('keeps 64 dialogs in all, and 16 of one publication', () => {
    const esc = new Esc();
    const state = (name: number, partial = false) => ({
      ...dialogs(...Array.from({ length: 16 }, (_, n) => dialog({ id: `${name}-${n}` }))),
      partial,
    });
    for (let name = 0; name < 6; name += 1) esc.publish({ state: state(name) });
    expect(esc.board?.publications).toHaveLength(4);
    esc.publish({ ifMatch: esc.tags.at(-1) ?? '', state: state(99, true) });
    expect(esc.board?.publications.at(-1)?.legs).toHaveLength(16);
  });
});

describe('a lamp that was published does not stick', () => {
  it('when early comes late, after terminated: the id of an ended dialog is remembered for a minute', () => {
    const esc = new Esc();
    const [tag = ''] = esc.say(dialogs(dialog()));
    const over = esc.publish({ ifMatch: tag, state: dialogs(dialog({ state: 'terminated' })) });
    esc.now = 59_999;
    const again = esc.publish({ ifMatch: over, state: dialogs(dialog()) });
    esc.say(dialogs(dialog({ state: 'confirmed' })));
    expect(esc.lamp).toBe('terminated');
    esc.now = 60_000;
    esc.publish({ ifMatch: again, state: dialogs(dialog()) });
    expect(esc.lamp).toBe('early');
  });

  it('when terminated overtakes early', () => {
    const esc = new Esc();
    esc.say(dialogs(dialog({ state: 'terminated' })), dialogs(dialog()));
    expect(esc.lamp).toBe('terminated');
  });

  it('when the newest publication goes and an older one still had the call', () => {
    const esc = new Esc();
    const [, newest = ''] = esc.say(dialogs(dialog()), dialogs(dialog({ state: 'confirmed' })));
    const over = esc.publish({ ifMatch: newest, state: dialogs(dialog({ state: 'terminated' })) });
    esc.publish({ ifMatch: over, seconds: 0 });
    expect(esc.lamp).toBe('terminated');
    expect(esc.board?.publications).toHaveLength(1);
  });

  it('when terminated comes with Expires 0, also without an entity-tag', () => {
    const one = new Esc();
    const [tag = ''] = one.say(dialogs(dialog()));
    one.publish({ ifMatch: tag, state: dialogs(dialog({ state: 'terminated' })), seconds: 0 });
    const other = new Esc();
    other.say(dialogs(dialog()));
    other.publish({ state: dialogs(dialog({ state: 'terminated' })), seconds: 0 });
    for (const esc of [one, other]) {
      esc.say(dialogs(dialog()));
      expect(esc.lamp).toBe('terminated');
    }
  });

  it('when early of another publication comes after confirmed', () => {
    const esc = new Esc();
    esc.say(dialogs(dialog({ state: 'confirmed' })), dialogs(dialog()));
    expect(esc.lamp).toBe('confirmed');
  });

  it('when its phone is gone: early does not come back, an answered call of a phone that was cut off does', () => {
    const esc = new Esc();
    esc.publish({ state: dialogs(dialog()), seconds: 60 });
    esc.now = 60_000;
    esc.board = lapsePublications(esc.board, esc.context());
    expect(esc.lamp).toBe('terminated');
    esc.say(dialogs(dialog()));
    expect(esc.lamp).toBe('terminated');
    esc.say(dialogs(dialog({ state: 'confirmed' })));
    expect(esc.lamp).toBe('confirmed');
  });

  it('but the branches of a forked call are dialogs of their own', () => {
    const esc = new Esc();
    const branch = (localTag: string, state: LegState) => dialog({ id: 'c1', callId: 'c1', localTag, state });
    const [one = ''] = esc.say(dialogs(branch('a', 'early')), dialogs(branch('b', 'early')));
    esc.publish({ ifMatch: one, state: dialogs(branch('a', 'terminated')) });
    expect(esc.lamp).toBe('early');
    esc.say(dialogs(dialog({ id: 'c1', callId: 'c2' })));
    expect(esc.board?.publications.flatMap(({ legs }) => legs.map(({ callId }) => callId))).toEqual([
      'c1',
      'c2',
    ]);
  });

  it('and an id that goes back to an earlier state is shown as a dialog of its own', () => {
    const esc = new Esc();
    const call = (callId: string, state: LegState) => dialogs(dialog({ id: '1', callId, state }));
    const shown = () => esc.board?.publications[0]?.legs[0]?.dialogId ?? '1';
    const [tag = ''] = esc.say(call('c1', 'confirmed'));
    expect(shown()).toBe('1');
    const next = esc.publish({ ifMatch: tag, state: call('c1', 'early') });
    const second = shown();
    expect(second).not.toBe('1');
    const third = esc.publish({ ifMatch: next, state: call('c1', 'confirmed') });
    expect(shown()).toBe(second);
    esc.publish({ ifMatch: third, state: call('c1', 'terminated') });
    expect(esc.board?.lastDialogId).toBe(second);
  });

  it('and a call under the id of the one that ended last is shown as a dialog of its own', () => {
    const esc = new Esc();
    const call = (callId: string, state: LegState) => dialogs(dialog({ id: '1', callId, state }));
    const [tag = ''] = esc.say(call('c1', 'confirmed'));
    const over = esc.publish({ ifMatch: tag, state: call('c1', 'terminated') });
    esc.publish({ ifMatch: over, state: call('c2', 'early') });
    expect(esc.board?.publications[0]?.legs).toMatchObject([
      { id: '1', dialogId: expect.stringMatching(/^id/) },
    ]);
  });

  it('and the idle lamp keeps the id of the dialog that ended', () => {
    const esc = new Esc();
    const [tag = ''] = esc.say(dialogs(dialog({ id: 'd7' })));
    esc.publish({ ifMatch: tag, state: dialogs(dialog({ id: 'd7', state: 'terminated' })) });
    expect(esc.board?.lastDialogId).toBe('d7');
  });
});

describe('published presence', () => {
  it.each(['on-the-phone', 'busy', 'dnd', 'do-not-disturb'])('%s makes the lamp busy', (name) => {
    const esc = new Esc();
    esc.say(activities(name));
    expect(esc.lamp).toBe('confirmed');
  });

  it('away does not, and neither does anything else', () => {
    const esc = new Esc();
    esc.say(activities('away', 'meeting'));
    expect(esc.lamp).toBe('terminated');
  });

  it('keeps its dialog id while it says busy, and gets a new one when it says so again', () => {
    const esc = new Esc();
    const busyId = () => esc.board?.publications[0]?.busyId;
    const publish = (tag: string, name: string) => esc.publish({ ifMatch: tag, state: activities(name) });
    const [tag = ''] = esc.say(activities('busy'));
    const first = busyId();
    const next = publish(tag, 'on-the-phone');
    expect(busyId()).toBe(first);
    const idle = publish(next, 'away');
    expect([busyId(), esc.board?.lastDialogId]).toEqual([null, first]);
    publish(idle, 'busy');
    expect(busyId()).not.toBe(first);
  });
});

describe('dropPublications()', () => {
  it('takes away what is picked, and gives back a board that has nothing of it', () => {
    const esc = new Esc();
    const [tag] = esc.say(dialogs(dialog()), activities('busy'));
    const dropped = dropPublications(esc.board, {
      drops: ({ etag }) => etag === tag,
      context: esc.context(),
    });
    expect(dropped).toMatchObject({ rev: 3, publications: [{ package: 'presence' }], lastDialogId: 'd1' });
    expect(dropPublications(dropped, { drops: ({ etag }) => etag === tag, context: esc.context() })).toBe(
      dropped,
    );
    const blank = boardWith({});
    expect(lapsePublications(blank, esc.context())).toBe(blank);
  });
});

/** What a crowd of publishers does, in any order: states of few dialogs, with any of the tags that were ever given. */
const step = fc.record({
  wait: fc.constantFrom(0, 1_000, 30_000, 90_000),
  tag: fc.option(fc.nat(30), { nil: null }),
  seconds: fc.constantFrom(0, 60, 120),
  body: fc.option(
    fc.array(fc.record({ id: fc.constantFrom('d1', 'd2'), state: fc.constantFrom(...LEG_STATES) }), {
      maxLength: 3,
    }),
    { nil: null },
  ),
  partial: fc.boolean(),
});

describe('whatever is published', () => {
  it('never gives one entity-tag twice, keeps one place for each dialog, and expires', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const esc = new Esc();
        for (const { wait, tag, seconds, body, partial } of steps) {
          esc.now += wait;
          const rev = esc.board?.rev ?? 0;
          const ifMatch = tag === null ? null : (esc.tags[tag] ?? 'nonsense');
          const state = body === null ? null : { ...dialogs(...body.map((facts) => dialog(facts))), partial };
          esc.publish({ ifMatch, state, seconds });
          expect([rev, rev + 1]).toContain(esc.board?.rev ?? 0);
          const ids = (esc.board?.publications ?? []).flatMap(({ legs }) => legs.map(({ id }) => id));
          expect(ids).toHaveLength(new Set(ids).size);
          const ended = (esc.board?.ended ?? []).filter(({ lapsed }) => lapsed !== true).map(({ id }) => id);
          expect(ids.filter((id) => ended.includes(id))).toEqual([]);
        }
        expect(esc.tags).toHaveLength(new Set(esc.tags).size);
        esc.now += 120_000;
        esc.board = expireBoard(esc.board, esc.context());
        expect(esc.lamp).toBe('terminated');
      }),
    );
  });
});
