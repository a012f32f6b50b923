import { useCallback, useState } from 'react';
import { useSession } from '../state/session.tsx';
import type { SipAccount } from './sip-account.ts';

export interface SipAccountState {
  readonly account: SipAccount | null;
  /** The server wants a user and a password, and has none. */
  readonly isWanted: boolean;
  /** Why the one before was not taken. */
  readonly fault: string | null;
  readonly signIn: (account: SipAccount) => void;
  readonly signOut: () => void;
  /** The server does not take the account: it is forgotten, and asked for again. */
  readonly deny: (reason: string) => void;
}

/** The SIP user of the panel, where the server wants one: never stored, so that no other page can read the password. */
export function useSipAccount(): SipAccountState {
  const { session } = useSession();
  const [account, setAccount] = useState<SipAccount | null>(null);
  const [fault, setFault] = useState<string | null>(null);
  const replace = useCallback((next: SipAccount | null, reason: string | null) => {
    setAccount(next);
    setFault(reason);
  }, []);
  const deny = useCallback((reason: string) => replace(null, reason), [replace]);
  return {
    account,
    fault,
    isWanted: session.sip?.digest === true && account === null,
    signIn: (next) => replace(next, null),
    signOut: () => replace(null, null),
    deny,
  };
}
