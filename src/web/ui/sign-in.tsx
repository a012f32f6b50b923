import { type FormEvent, useState } from 'react';
import { Brand } from './brand.tsx';

interface SignInProps {
  readonly wasWrong: boolean;
  readonly onToken: (token: string) => void;
}

/** Asks for an API token when the server wants one. */
export function SignIn({ wasWrong, onToken }: SignInProps) {
  const [token, setToken] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (token.trim() !== '') onToken(token.trim());
  };
  return (
    <main className="gate">
      <form className="gate-card" onSubmit={submit} aria-label="Sign in">
        <Brand />
        <h1>Sign in</h1>
        <p className="muted">
          This server wants an API token. It is kept in this tab only, until you close it.
        </p>
        <label className="field">
          <span className="field-label">API token</span>
          <input
            type="password"
            autoComplete="off"
            // biome-ignore lint/a11y/noAutofocus: the only thing to do on this page
            autoFocus
            value={token}
            onChange={(event) => setToken(event.target.value)}
            aria-invalid={wasWrong}
            aria-describedby={wasWrong ? 'token-fault' : undefined}
          />
        </label>
        {wasWrong && (
          <p className="fault-text" id="token-fault" role="alert">
            The server does not know this token
          </p>
        )}
        <button type="submit" className="button primary" disabled={token.trim() === ''}>
          Sign in
        </button>
      </form>
    </main>
  );
}
