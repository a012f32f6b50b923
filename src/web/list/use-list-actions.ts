import { failureText } from '../api.ts';
import type { CallflowSummary } from '../model/clash.ts';
import { type Draft, EMPTY_DRAFT } from '../model/draft.ts';
import { useRealm } from '../state/realm.tsx';
import { useRouter } from '../state/router.tsx';
import { useSession } from '../state/session.tsx';
import { useConfirm } from '../ui/confirm.tsx';
import { useToast } from '../ui/toast.tsx';

/** What can be done in the list. */
export function useListActions() {
  const { api } = useSession();
  const { realm, reload, canWrite } = useRealm();
  const { route, go, setGuard } = useRouter();
  const confirm = useConfirm();
  const say = useToast();

  const open = (id: string | null) => go({ view: 'callflows', realm, id });
  return {
    canWrite,
    open,
    create: async () => {
      // First away from what is open: it may have changes, and then nothing is to be created for nothing.
      if (!(await open(null))) return;
      const answer = await api.create(realm, EMPTY_DRAFT);
      if (answer.kind !== 'ok') return say({ text: failureText(answer), isFault: true });
      await reload();
      await open(answer.value.callflow.id);
    },
    /** Stores a callflow that is drawn already, and opens it. */
    add: async (draft: Draft) => {
      const answer = await api.create(realm, draft);
      if (answer.kind !== 'ok') return say({ text: failureText(answer), isFault: true });
      await reload();
      await open(answer.value.callflow.id);
    },
    remove: async ({ id, name, numbers, rev }: CallflowSummary) => {
      const reached = numbers.length === 0 ? '' : ` ${numbers.join(', ')} will reach nothing.`;
      const question = {
        title: `Delete “${name}”?`,
        text: `The callflow and the record of its runs are gone for good.${reached}`,
        yes: 'Delete callflow',
        no: 'Keep it',
        isDanger: true,
      };
      if (!(await confirm(question))) return;
      const answer = await api.remove(realm, id, rev);
      if (answer.kind !== 'ok') {
        await reload();
        return say({ text: `Not deleted: ${failureText(answer)}`, isFault: true });
      }
      if (route.view === 'callflows' && route.id === id) {
        setGuard(null);
        await open(null);
      }
      await reload();
      say({ text: `“${name}” deleted` });
    },
  };
}
