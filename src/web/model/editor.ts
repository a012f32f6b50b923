import type { Callflow } from '../../callflow/callflow.ts';
import { type Draft, draftOf, sameDraft } from './draft.ts';
import { amend, type History, historyOf, record, redo, undo } from './history.ts';
import { nodeAt, type Path } from './tree.ts';

/** What is chosen on the diagram: the main block, a block, or nothing. */
export type Selection = { readonly kind: 'main' } | { readonly kind: 'block'; readonly path: Path } | null;

/** One callflow while it is edited. */
export interface Editor {
  readonly id: string;
  /** As it is stored, as far as we know. */
  readonly base: { readonly draft: Draft; readonly rev: number };
  readonly history: History<Draft>;
  /** The field that is typed in: all that is typed in one go is one step of the history. */
  readonly typing: string | null;
  readonly selected: Selection;
  /** What somebody else has stored in the meantime; null: nobody has. */
  readonly theirs: Callflow | null;
}

export type EditorEvent =
  /** `field`: typed text, which joins what was typed there just before. */
  | { readonly kind: 'edit'; readonly draft: Draft; readonly field?: string; readonly select?: Selection }
  | { readonly kind: 'undo' }
  | { readonly kind: 'redo' }
  | { readonly kind: 'select'; readonly selected: Selection }
  /** The server has stored `callflow`, which was `sent` by us. */
  | { readonly kind: 'saved'; readonly callflow: Callflow }
  | { readonly kind: 'stored-elsewhere'; readonly theirs: Callflow }
  /** What the next save overwrites is what they stored. */
  | { readonly kind: 'keep-mine' }
  /** Theirs becomes the present; undo brings ours back. */
  | { readonly kind: 'take-theirs' }
  | { readonly kind: 'drop-changes' };

/** The editor of a callflow as it was read. */
export function openEditor(callflow: Callflow): Editor {
  const draft = draftOf(callflow);
  return {
    id: callflow.id,
    base: { draft, rev: callflow.rev },
    history: historyOf(draft),
    typing: null,
    selected: null,
    theirs: null,
  };
}

/** True when there is something to save. */
export function isChanged({ base, history }: Editor): boolean {
  return !sameDraft(base.draft, history.present);
}

/** The next state of the editor. */
export function editorReducer(editor: Editor, event: EditorEvent): Editor {
  switch (event.kind) {
    case 'edit':
      return settle(edited(editor, event));
    case 'undo':
      return settle({ ...editor, history: undo(editor.history), typing: null });
    case 'redo':
      return settle({ ...editor, history: redo(editor.history), typing: null });
    case 'select':
      return { ...editor, selected: event.selected, typing: null };
    case 'saved':
      return saved(editor, event.callflow);
    case 'stored-elsewhere':
      return storedElsewhere(editor, event.theirs);
    case 'keep-mine':
      return keepMine(editor);
    case 'take-theirs':
      return settle(takeTheirs(editor));
    case 'drop-changes':
      return settle({ ...editor, history: historyOf(editor.base.draft), typing: null });
  }
}

function edited(editor: Editor, event: Extract<EditorEvent, { kind: 'edit' }>): Editor {
  const { draft, field, select } = event;
  if (sameDraft(draft, editor.history.present)) return editor;
  const joins = field !== undefined && field === editor.typing;
  return {
    ...editor,
    history: joins ? amend(editor.history, draft) : record(editor.history, draft),
    typing: field ?? null,
    ...(select !== undefined && { selected: select }),
  };
}

/** What was changed while the save was under way stays changed, and can still be undone. */
function saved(editor: Editor, callflow: Callflow): Editor {
  return {
    ...editor,
    base: { draft: draftOf(callflow), rev: callflow.rev },
    typing: null,
    theirs: null,
  };
}

function storedElsewhere(editor: Editor, theirs: Callflow): Editor {
  if (theirs.rev <= editor.base.rev) return editor;
  const next = { ...editor, theirs };
  // Nothing of ours would be lost: show what is stored.
  return isChanged(editor) ? next : settle(takeTheirs(next));
}

function keepMine(editor: Editor): Editor {
  if (editor.theirs === null) return editor;
  const base = { draft: draftOf(editor.theirs), rev: editor.theirs.rev };
  return { ...editor, base, theirs: null };
}

function takeTheirs(editor: Editor): Editor {
  if (editor.theirs === null) return editor;
  const next = keepMine(editor);
  return { ...next, history: record(next.history, next.base.draft), typing: null };
}

/** A selected block that is gone is not selected. */
function settle(editor: Editor): Editor {
  const { selected, history } = editor;
  const isGone = selected?.kind === 'block' && nodeAt(history.present.flow, selected.path) === null;
  return isGone ? { ...editor, selected: null } : editor;
}
