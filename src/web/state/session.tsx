import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useState } from 'react';
import { Api, failureText, type Session } from '../api.ts';

/** Kept for this tab only, and gone when it is closed. */
const TOKEN_KEY = 'lamplighter.token';

export interface SignedIn {
  readonly api: Api;
  readonly session: Session;
  /** Null: the server wants no token. */
  readonly signOut: (() => void) | null;
}

type State =
  | { readonly kind: 'asking' }
  | { readonly kind: 'token-wanted'; readonly wasWrong: boolean }
  | { readonly kind: 'away'; readonly message: string }
  | { readonly kind: 'in'; readonly session: Session };

const SessionContext = createContext<SignedIn | null>(null);

/** Who we are, and the API. Only below `SessionGate`. */
export function useSession(): SignedIn {
  const found = useContext(SessionContext);
  if (found === null) throw new Error('useSession outside of SessionGate');
  return found;
}

interface GateProps {
  readonly children: ReactNode;
  readonly signIn: (props: { wasWrong: boolean; onToken: (token: string) => void }) => ReactNode;
  readonly away: (props: { message: string; onRetry: () => void }) => ReactNode;
}

/** Shows the page to those whom the server knows, and asks the others for a token. */
export function SessionGate({ children, signIn, away }: GateProps) {
  const [token, setToken] = useState(() => sessionStorage.getItem(TOKEN_KEY));
  const [state, setState] = useState<State>({ kind: 'asking' });
  const [attempt, setAttempt] = useState(0);
  const onUnknown = useCallback(() => setState({ kind: 'token-wanted', wasWrong: token !== null }), [token]);
  const api = useMemo(() => new Api(token, onUnknown), [token, onUnknown]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: `attempt` asks again
  useEffect(() => {
    let isOver = false;
    void api.session().then((answer) => {
      if (isOver || (answer.kind === 'refused' && answer.status === 401)) return;
      if (answer.kind === 'ok') setState({ kind: 'in', session: answer.value });
      else setState({ kind: 'away', message: failureText(answer) });
    });
    return () => {
      isOver = true;
    };
  }, [api, attempt]);

  const remember = useCallback((next: string | null) => {
    if (next === null) sessionStorage.removeItem(TOKEN_KEY);
    else sessionStorage.setItem(TOKEN_KEY, next);
    setToken(next);
    setAttempt((count) => count + 1);
  }, []);
  const signedIn = useMemo<SignedIn | null>(() => {
    if (state.kind !== 'in') return null;
    return { api, session: state.session, signOut: token === null ? null : () => remember(null) };
  }, [api, state, token, remember]);

  if (state.kind === 'token-wanted') return signIn({ wasWrong: state.wasWrong, onToken: remember });
  if (state.kind === 'away') {
    return away({ message: state.message, onRetry: () => setAttempt(attempt + 1) });
  }
  return signedIn === null ? null : <SessionContext value={signedIn}>{children}</SessionContext>;
}
