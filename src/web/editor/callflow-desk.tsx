import { ReactFlowProvider } from '@xyflow/react';
import { useCallback, useEffect, useMemo } from 'react';
import type { Callflow } from '../../callflow/callflow.ts';
import { useRealm } from '../state/realm.tsx';
import { useRouter } from '../state/router.tsx';
import { useConfirm } from '../ui/confirm.tsx';
import { DeskWindows } from '../window/desk-windows.tsx';
import { BottomPanel } from './bottom-panel.tsx';
import { Catalog } from './catalog.tsx';
import { DeskContext } from './desk.ts';
import { Diagram } from './diagram.tsx';
import { StaleBanner } from './stale-banner.tsx';
import { Toolbar } from './toolbar.tsx';
import { useDeskState } from './use-desk.ts';
import { useDeskKeys } from './use-desk-keys.ts';
import { useLeaveGuard } from './use-leave-guard.ts';
import { useSave } from './use-save.ts';

/** One callflow while it is edited: diagram, catalogue, problems, runs. */
export function CallflowDesk({ callflow }: { readonly callflow: Callflow }) {
  const { desk, dispatch, learn } = useDeskState(callflow);
  const { realm, canWrite } = useRealm();
  const { go } = useRouter();
  const confirm = useConfirm();
  const release = useLeaveGuard(desk.isChanged);
  const saving = useSave({ desk, dispatch, learn, release });
  useDeskKeys(desk, saving.save);
  useNews(
    desk.editor.id,
    desk.editor.theirs?.rev ?? desk.editor.base.rev,
    saving.findTheirs,
    saving.isSaving,
  );
  const cancel = useCallback(async () => {
    const question = {
      title: 'Drop the changes?',
      text: 'Everything that was changed since the last save is lost.',
      yes: 'Drop changes',
      no: 'Keep editing',
      isDanger: true,
    };
    if (await confirm(question)) dispatch({ kind: 'drop-changes' });
  }, [confirm, dispatch]);
  const save = useMemo(() => ({ ...saving, cancel }), [saving, cancel]);
  const { theirs } = desk.editor;
  return (
    <DeskContext value={desk}>
      <div className={desk.armed === null ? 'desk' : 'desk is-choosing'}>
        <div className="desk-main">
          <Toolbar
            save={save}
            canWrite={canWrite}
            onBack={() => void go({ view: 'callflows', realm, id: null })}
          />
          {theirs !== null && (
            <StaleBanner
              rev={theirs.rev}
              onKeep={() => dispatch({ kind: 'keep-mine' })}
              onReload={() => dispatch({ kind: 'take-theirs' })}
              onCopy={() => void saving.saveAsCopy()}
            />
          )}
          <ReactFlowProvider>
            <Diagram />
          </ReactFlowProvider>
          <BottomPanel />
        </div>
        <Catalog onClose={() => desk.arm(null)} />
      </div>
      <DeskWindows saveFirst={saving.saveSilently} />
    </DeskContext>
  );
}

/** Looks at what is stored as soon as the list says that it is newer than what is on the desk. */
function useNews(id: string, rev: number, findTheirs: () => Promise<void>, isSaving: boolean): void {
  const { callflows } = useRealm();
  const stored = callflows?.find((callflow) => callflow.id === id)?.rev ?? 0;
  useEffect(() => {
    if (stored > rev && !isSaving) void findTheirs();
  }, [stored, rev, findTheirs, isSaving]);
}
