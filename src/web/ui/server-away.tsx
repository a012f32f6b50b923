import { Brand } from './brand.tsx';

/** Shown while the server cannot be asked who we are. */
export function ServerAway({ message, onRetry }: { readonly message: string; readonly onRetry: () => void }) {
  return (
    <main className="gate">
      <div className="gate-card">
        <Brand />
        <h1>No answer</h1>
        <p className="muted" role="alert">
          {message}
        </p>
        <button type="button" className="button primary" onClick={onRetry}>
          Try again
        </button>
      </div>
    </main>
  );
}
