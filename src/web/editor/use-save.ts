import { useCallback, useState } from 'react';
import type { CallflowProblem } from '../../callflow/problem.ts';
import { type Answer, type Checked, failureText } from '../api.ts';
import { copyOf, type Draft, EMPTY_DRAFT } from '../model/draft.ts';
import type { EditorEvent } from '../model/editor.ts';
import { useRealm } from '../state/realm.tsx';
import { useRouter } from '../state/router.tsx';
import { useSession } from '../state/session.tsx';
import { useToast } from '../ui/toast.tsx';
import type { Desk } from './desk.ts';

interface Saving {
  readonly desk: Desk;
  readonly dispatch: (event: EditorEvent) => void;
  readonly learn: (problems: readonly CallflowProblem[], about: Draft) => void;
  /** Called before another callflow is opened after a save: nothing is lost then. */
  readonly release: () => void;
}

/** What the Save menu does. */
export function useSave({ desk, dispatch, learn, release }: Saving) {
  const { api } = useSession();
  const { realm, reload } = useRealm();
  const { go } = useRouter();
  const say = useToast();
  const [isSaving, setSaving] = useState(false);
  const { draft, editor } = desk;

  /** Shows what somebody else has stored, beside our own changes. */
  const findTheirs = useCallback(async () => {
    const answer = await api.callflow(realm, editor.id);
    if (answer.kind === 'ok') dispatch({ kind: 'stored-elsewhere', theirs: answer.value.callflow });
    else say({ text: failureText(answer), isFault: true });
  }, [api, realm, editor.id, dispatch, say]);

  const refused = async (answer: Exclude<Answer<Checked>, { kind: 'ok' }>) => {
    if (answer.kind === 'refused' && answer.status === 409) return findTheirs();
    if (answer.kind === 'refused' && answer.problem.problems) learn(answer.problem.problems, draft);
    say({ text: `Not saved: ${failureText(answer)}`, isFault: true });
  };

  /** Stores the draft; true when it is stored. */
  const save = async (): Promise<boolean> => {
    setSaving(true);
    const answer = await api.save(realm, { id: editor.id, rev: editor.base.rev, draft });
    setSaving(false);
    if (answer.kind !== 'ok') {
      await refused(answer);
      return false;
    }
    dispatch({ kind: 'saved', callflow: answer.value.callflow });
    void reload();
    return true;
  };

  const create = async (next: Draft, said: string) => {
    const answer = await api.create(realm, next);
    if (answer.kind !== 'ok') return say({ text: failureText(answer), isFault: true });
    say({ text: said });
    release();
    await reload();
    await go({ view: 'callflows', realm, id: answer.value.callflow.id });
  };

  return {
    isSaving,
    findTheirs,
    save: async () => {
      if (await save()) say({ text: 'Changes saved' });
    },
    saveSilently: save,
    saveAndDuplicate: async () => {
      if (await save()) await create(copyOf(draft), `Saved, and “${draft.name} copy” created`);
    },
    saveAndCreate: async () => {
      if (await save()) await create(EMPTY_DRAFT, 'Saved, and a new callflow created');
    },
    saveAsCopy: () => create(copyOf(draft), `“${draft.name} copy” created with your changes`),
  };
}
