import { useCallback, useMemo, useReducer, useState } from 'react';
import type { Callflow, FlowNode } from '../../callflow/callflow.ts';
import { actionOf } from '../../callflow/catalog.ts';
import type { RunResult } from '../api.ts';
import { fillAt, insertAt, moveTo, removeBlock, removeBranch, replaceAt } from '../model/change.ts';
import { type EditorEvent, editorReducer, isChanged, openEditor, type Selection } from '../model/editor.ts';
import { exitNames, NEW_EXIT } from '../model/exits.ts';
import { canPut, needsExitName, newBlock, type Payload, placeBelow, type Target } from '../model/placing.ts';
import { problemsByPlace } from '../model/problems.ts';
import { passedBlocks } from '../model/run-path.ts';
import { nodeAt, type Path } from '../model/tree.ts';
import { useToast } from '../ui/toast.tsx';
import type { Desk, Hand, OpenWindow } from './desk.ts';
import { focusBlock, focusCatalog, focusFirstPlace } from './focus.ts';
import { useProblems } from './use-problems.ts';

/** The desk of a callflow as it was read, and what tells it of saves. */
export function useDeskState(first: Callflow) {
  const [editor, dispatch] = useReducer(editorReducer, first, openEditor);
  const [hand, setHand] = useState<Hand | null>(null);
  const [armed, setArmed] = useState<Path | null>(null);
  const [window, open] = useState<OpenWindow | null>(null);
  const [run, showRun] = useState<RunResult | null>(null);
  const draft = editor.history.present;
  const { problems, learn } = useProblems(editor.id, draft);
  const problemsAt = useMemo(() => problemsByPlace(problems), [problems]);
  const shownRun = useMemo(
    () => (run === null ? null : { ...run, passed: passedBlocks(run.run, editor.id) }),
    [run, editor.id],
  );
  const changes = useChanges(dispatch, draft);

  const take = useCallback((next: Hand | null) => {
    setHand(next);
    if (next?.by === 'keys') focusFirstPlace();
  }, []);
  const arm = useCallback((path: Path | null) => {
    setArmed(path);
    if (path !== null) focusCatalog();
  }, []);
  const put = (payload: Payload, target: Target) => {
    setHand(null);
    setArmed(null);
    if (!canPut(draft.flow, payload, target)) return;
    if (needsExitName(target)) open({ kind: 'exit-name', payload, target });
    else if (payload.kind === 'move') changes.move(payload.from, target.path);
    else if (hasForm(payload.module)) open({ kind: 'add', module: payload.module, target });
    else changes.place(newBlock(payload.module), target);
  };
  const addBelow = (path: Path | null) => {
    const node = path === null ? null : nodeAt(draft.flow, path);
    arm(path === null || node === null ? [] : placeBelow(draft.flow, path, exitNames(node)));
  };
  const choose = (module: string) => {
    const payload: Payload = { kind: 'new', module };
    const place = armed ?? placeOfSelection(editor.selected, draft.flow);
    const target = place === null ? null : ({ kind: 'insert', path: place } as const);
    if (target !== null && canPut(draft.flow, payload, target)) put(payload, target);
    else take({ payload, by: 'keys' });
  };

  const desk: Desk = {
    editor,
    draft,
    isChanged: isChanged(editor),
    problems,
    problemsAt,
    hand,
    armed,
    window,
    shownRun,
    ...changes,
    open,
    take,
    arm,
    put,
    addBelow,
    choose,
    showRun,
    accepts: (target) => hand !== null && canPut(draft.flow, hand.payload, target),
  };
  return { desk, dispatch, learn };
}

/** The changes of a draft. */
function useChanges(dispatch: (event: EditorEvent) => void, draft: Desk['draft']) {
  const say = useToast();
  const { flow } = draft;
  const undo = () => dispatch({ kind: 'undo' });
  const setFlow = (next: FlowNode | null, select: Path | null) => {
    const selected: Selection = select === null ? null : { kind: 'block', path: select };
    dispatch({ kind: 'edit', draft: { ...draft, flow: next }, select: selected });
    if (select !== null) focusBlock(select);
  };
  const sayLost = (count: number, what: string) => {
    if (count < 1) return;
    const text = count === 1 ? `1 block ${what}` : `${count} blocks ${what}`;
    say({ text, action: { label: 'Undo', run: undo } });
  };
  return {
    undo,
    redo: () => dispatch({ kind: 'redo' }),
    select: (selected: Selection) => dispatch({ kind: 'select', selected }),
    edit: (next: Desk['draft'], field?: string) =>
      dispatch({ kind: 'edit', draft: next, ...(field !== undefined && { field }) }),
    place: (node: FlowNode, { kind, path }: Target) => {
      if (kind === 'insert') return setFlow(insertAt(flow, path, node), path);
      const { flow: next, lost } = replaceAt(flow, path, node);
      setFlow(next, path);
      sayLost(lost, 'below had no exit any more');
    },
    move: (from: Path, to: Path) => setFlow(moveTo(flow, from, to), to),
    fill: (path: Path, data: FlowNode['data']) => setFlow(fillAt(flow, path, data), path),
    remove: (path: Path, what: 'block' | 'branch') => {
      const { flow: next, lost } = what === 'block' ? removeBlock(flow, path) : removeBranch(flow, path);
      const parent = nodeAt(next, path) === null ? path.slice(0, -1) : path;
      setFlow(next, nodeAt(next, parent) === null ? null : parent);
      sayLost(lost, 'removed');
    },
  };
}

/** True when there is something to fill in before the block is put in place. */
function hasForm(module: string): boolean {
  return actionOf(module)?.fields.some((field) => field.advanced !== true) ?? false;
}

function placeOfSelection(selected: Selection, flow: FlowNode | null): Path | null {
  if (flow === null || selected?.kind === 'main') return [];
  const node = selected === null ? null : nodeAt(flow, selected.path);
  if (selected === null || node === null) return null;
  return placeBelow(flow, selected.path, exitNames(node)) ?? [...selected.path, NEW_EXIT];
}
