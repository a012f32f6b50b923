import { describe, expect, it } from 'vitest';
import type { Callflow } from '../../../src/callflow/callflow.ts';
import { copyOf, EMPTY_DRAFT, sameDraft } from '../../../src/web/model/draft.ts';
import {
  type Editor,
  type EditorEvent,
  editorReducer,
  isChanged,
  openEditor,
} from '../../../src/web/model/editor.ts';
import { lamp } from './flows.ts';

const STORED: Callflow = {
  ...EMPTY_DRAFT,
  id: 'one',
  realm: 'acme',
  name: 'Night',
  numbers: ['*30'],
  rev: 3,
};

function edited(...events: EditorEvent[]): Editor {
  return events.reduce(editorReducer, openEditor(STORED));
}

function named(name: string): EditorEvent {
  return { kind: 'edit', draft: { ...openEditor(STORED).base.draft, name }, field: 'name' };
}

const DRAWN: EditorEvent = {
  kind: 'edit',
  draft: { ...openEditor(STORED).base.draft, flow: lamp('night') },
  select: { kind: 'block', path: [] },
};

describe('the editor', () => {
  it('has changes only while something differs from what is stored', () => {
    expect(isChanged(edited())).toBe(false);
    expect(isChanged(edited(DRAWN))).toBe(true);
    expect(isChanged(edited(DRAWN, { kind: 'undo' }))).toBe(false);
    expect(isChanged(edited(named('Nigh'), named('Night')))).toBe(false);
  });

  it('undoes all that was typed in one field in one step', () => {
    const editor = edited(DRAWN, named('N'), named('Ne'), named('New'), { kind: 'undo' });
    expect(editor.history.present.flow).toEqual(lamp('night'));
    expect(editor.history.present.name).toBe('Night');
  });

  it('does again what was undone, until something else is done', () => {
    expect(edited(DRAWN, { kind: 'undo' }, { kind: 'redo' }).history.present.flow).toEqual(lamp('night'));
    expect(edited(DRAWN, { kind: 'undo' }, named('Other'), { kind: 'redo' }).history.present.flow).toBeNull();
  });

  it('selects no block that is gone', () => {
    expect(edited(DRAWN).selected).toEqual({ kind: 'block', path: [] });
    expect(edited(DRAWN, { kind: 'undo' }).selected).toBeNull();
  });

  it('keeps what was changed while the save was under way', () => {
    const editor = edited(DRAWN, named('Later'), {
      kind: 'saved',
      callflow: { ...STORED, flow: lamp('night'), rev: 4 },
    });
    expect([editor.base.rev, isChanged(editor), editor.history.present.name]).toEqual([4, true, 'Later']);
  });

  it('can undo beyond a save', () => {
    const editor = edited(
      DRAWN,
      { kind: 'saved', callflow: { ...STORED, flow: lamp('night'), rev: 4 } },
      { kind: 'undo' },
    );
    expect([editor.history.present.flow, isChanged(editor)]).toEqual([null, true]);
  });

  it('drops the changes back to what is stored', () => {
    const editor = edited(DRAWN, named('X'), { kind: 'drop-changes' });
    expect([isChanged(editor), editor.history.present.name]).toEqual([false, 'Night']);
  });
});

describe('a callflow that somebody else has saved', () => {
  const theirs: Callflow = { ...STORED, name: 'Theirs', rev: 5 };
  const news: EditorEvent = { kind: 'stored-elsewhere', theirs };

  it('is shown at once where nothing of ours would be lost', () => {
    const editor = edited(news);
    expect([editor.history.present.name, editor.base.rev, editor.theirs]).toEqual(['Theirs', 5, null]);
  });

  it('waits beside our changes', () => {
    const editor = edited(named('Mine'), news);
    expect([editor.history.present.name, editor.base.rev, editor.theirs]).toEqual(['Mine', 3, theirs]);
  });

  it('is overwritten by the next save when ours is kept', () => {
    const editor = edited(named('Mine'), news, { kind: 'keep-mine' });
    expect([editor.history.present.name, editor.base.rev, isChanged(editor), editor.theirs]).toEqual([
      'Mine',
      5,
      true,
      null,
    ]);
  });

  it('takes the place of ours, which undo brings back', () => {
    const editor = edited(named('Mine'), news, { kind: 'take-theirs' });
    expect([editor.history.present.name, isChanged(editor)]).toEqual(['Theirs', false]);
    expect(editorReducer(editor, { kind: 'undo' }).history.present.name).toBe('Mine');
  });

  it('is no news when it is not newer', () => {
    expect(edited(named('Mine'), { kind: 'stored-elsewhere', theirs: STORED }).theirs).toBeNull();
  });
});

describe('a draft', () => {
  it('copied has no way in', () => {
    const schedule = [{ weekdays: [1], at: '08:00', timeZone: 'UTC' }];
    const draft = {
      ...EMPTY_DRAFT,
      name: 'Night',
      numbers: ['*30'],
      patterns: ['^1'],
      schedule,
      flow: lamp('x'),
    };
    expect(copyOf(draft)).toEqual({ ...EMPTY_DRAFT, name: 'Night copy', flow: lamp('x') });
  });

  it('is the same in whatever order its keys are', () => {
    const one = { ...EMPTY_DRAFT, rest: { a: 1, b: { c: [1, 2] } } };
    expect(sameDraft(one, { ...EMPTY_DRAFT, rest: { b: { c: [1, 2] }, a: 1 } })).toBe(true);
    expect(sameDraft(one, { ...EMPTY_DRAFT, rest: { b: { c: [2, 1] }, a: 1 } })).toBe(false);
  });
});
