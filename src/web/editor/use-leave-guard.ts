import { useCallback, useEffect } from 'react';
import { useRouter } from '../state/router.tsx';
import { useConfirm } from '../ui/confirm.tsx';

/** Asks before unsaved changes are left behind, within the page and by closing it. Gives what lets go of them. */
export function useLeaveGuard(isChanged: boolean): () => void {
  const { setGuard } = useRouter();
  const confirm = useConfirm();
  useEffect(() => {
    if (!isChanged) return;
    const onUnload = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener('beforeunload', onUnload);
    setGuard(() =>
      confirm({
        title: 'Leave without saving?',
        text: 'This callflow has changes that are not saved. They are lost when you leave.',
        yes: 'Leave',
        no: 'Stay',
        isDanger: true,
      }),
    );
    return () => {
      removeEventListener('beforeunload', onUnload);
      setGuard(null);
    };
  }, [isChanged, setGuard, confirm]);
  return useCallback(() => setGuard(null), [setGuard]);
}
