import { useCallback } from 'react';
import { failureText } from '../api.ts';
import { useRealm } from '../state/realm.tsx';
import { useSession } from '../state/session.tsx';
import { useToast } from '../ui/toast.tsx';

/** Sets the manual status of an ID; the lamp itself changes when the stream says so. */
export function useSetLamp() {
  const { api } = useSession();
  const { realm } = useRealm();
  const say = useToast();
  return useCallback(
    async (id: string, status: 'idle' | 'ringing' | 'busy') => {
      const answer = await api.setLamp(realm, id, status);
      if (answer.kind !== 'ok') say({ text: `Not set: ${failureText(answer)}`, isFault: true });
    },
    [api, realm, say],
  );
}
