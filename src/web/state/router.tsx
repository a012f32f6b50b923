import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { formatRoute, parseRoute, type Route } from '../model/route.ts';

/** Asked before the page shows something else; false keeps it where it is. */
export type LeaveGuard = () => Promise<boolean>;

interface Router {
  readonly route: Route;
  /** Resolves to false when the guard kept the page where it is. */
  readonly go: (route: Route) => Promise<boolean>;
  readonly setGuard: (guard: LeaveGuard | null) => void;
}

const RouterContext = createContext<Router | null>(null);

/** Where the page is, and how to go elsewhere. */
export function useRouter(): Router {
  const router = useContext(RouterContext);
  if (router === null) throw new Error('useRouter outside of RouterProvider');
  return router;
}

/** Keeps the page and the hash of its address together, the browser's Back button included. */
export function RouterProvider({ first, children }: { readonly first: Route; readonly children: ReactNode }) {
  const [route, setRoute] = useState(() => parseRoute(location.hash) ?? first);
  const guard = useRef<LeaveGuard | null>(null);
  const current = useRef(route);

  const show = useCallback((next: Route) => {
    current.current = next;
    setRoute(next);
  }, []);
  const go = useCallback(
    async (next: Route) => {
      if (formatRoute(next) === formatRoute(current.current)) return true;
      if (guard.current !== null && !(await guard.current())) return false;
      history.pushState(null, '', formatRoute(next));
      show(next);
      return true;
    },
    [show],
  );
  useEffect(() => {
    history.replaceState(null, '', formatRoute(current.current));
    const onChange = () => {
      const next = parseRoute(location.hash);
      if (next === null || formatRoute(next) === formatRoute(current.current)) return;
      if (guard.current === null) return show(next);
      // The address has changed already: put it back until the guard has been asked.
      history.pushState(null, '', formatRoute(current.current));
      void go(next);
    };
    addEventListener('popstate', onChange);
    return () => removeEventListener('popstate', onChange);
  }, [go, show]);

  const router = useMemo<Router>(
    () => ({
      route,
      go,
      setGuard: (next) => {
        guard.current = next;
      },
    }),
    [route, go],
  );
  return <RouterContext value={router}>{children}</RouterContext>;
}
