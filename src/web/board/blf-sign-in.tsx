import { type FormEvent, useState } from 'react';
import { Labelled } from '../ui/labelled.tsx';
import type { SipAccount } from './sip-account.ts';

interface BlfSignInProps {
  /** Why the account before was not taken; null: there was none. */
  readonly fault: string | null;
  readonly onAccount: (account: SipAccount) => void;
}

/** Asks for a SIP user and its password, as a desk phone has them in its settings. */
export function BlfSignIn({ fault, onAccount }: BlfSignInProps) {
  const [user, setUser] = useState('');
  const [password, setPassword] = useState('');
  const isWhole = user.trim() !== '' && password !== '';
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isWhole) onAccount({ user: user.trim(), password });
  };
  return (
    <form className="blf-sign-in" onSubmit={submit} aria-label="Sign in to SIP">
      <Labelled label="SIP user">
        {(bound) => (
          <input
            {...bound}
            autoComplete="off"
            autoCapitalize="none"
            value={user}
            onChange={(event) => setUser(event.target.value)}
          />
        )}
      </Labelled>
      <Labelled
        label="SIP password"
        help="Kept in the memory of this page only: a reload forgets it."
        fault={fault}
      >
        {(bound) => (
          <input
            {...bound}
            type="password"
            autoComplete="off"
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
        )}
      </Labelled>
      <button type="submit" className="button primary" disabled={!isWhole}>
        Connect
      </button>
    </form>
  );
}
