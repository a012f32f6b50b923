import { useCallback, useEffect, useMemo, useState } from 'react';
import type { CallflowProblem } from '../../callflow/problem.ts';
import { checkDraft } from '../model/check-draft.ts';
import type { Draft } from '../model/draft.ts';
import { mergeProblems } from '../model/problems.ts';
import { useRealm } from '../state/realm.tsx';
import { useSession } from '../state/session.tsx';
import { zoneTime } from '../state/zone-time.ts';

const QUIET_MS = 400;

interface Heard {
  readonly draft: Draft;
  readonly problems: readonly CallflowProblem[];
}

/**
 * The problems of a draft: what the page sees itself, at once, and what the server says once the draft has been
 * left alone for a moment. `learn` takes what a save was answered.
 */
export function useProblems(id: string, draft: Draft) {
  const { api } = useSession();
  const { realm, callflows, seats } = useRealm();
  const [heard, setHeard] = useState<Heard | null>(null);
  const own = useMemo(() => {
    const callflow = { ...draft, id, realm, rev: 0 };
    return callflows === null ? [] : checkDraft(callflow, { list: callflows, seats, zoneTime });
  }, [draft, id, realm, callflows, seats]);
  const learn = useCallback((problems: readonly CallflowProblem[], about: Draft) => {
    setHeard({ draft: about, problems });
  }, []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another list may mean other clashes
  useEffect(() => {
    let isOver = false;
    const timer = setTimeout(async () => {
      const answer = await api.check(realm, id, draft);
      if (!isOver && answer.kind === 'ok') learn(answer.value.problems, draft);
    }, QUIET_MS);
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [api, realm, id, draft, learn, callflows]);
  // What the server said of another draft may be mended by now.
  const servers = heard?.draft === draft ? heard.problems : null;
  const problems = useMemo(() => mergeProblems(own, servers ?? []), [own, servers]);
  return { problems, learn };
}
