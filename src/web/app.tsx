import { LampBoardView } from './board/lamp-board.tsx';
import { CallflowsView } from './list/callflows-view.tsx';
import type { Route } from './model/route.ts';
import { RealmProvider } from './state/realm.tsx';
import { RouterProvider, useRouter } from './state/router.tsx';
import { SessionGate, useSession } from './state/session.tsx';
import { ConfirmProvider } from './ui/confirm.tsx';
import { Header } from './ui/header.tsx';
import { ServerAway } from './ui/server-away.tsx';
import { SignIn } from './ui/sign-in.tsx';
import { ToastProvider } from './ui/toast.tsx';

/** The whole page. */
export function App() {
  return (
    <ToastProvider>
      <ConfirmProvider>
        <SessionGate signIn={(props) => <SignIn {...props} />} away={(props) => <ServerAway {...props} />}>
          <Home />
        </SessionGate>
      </ConfirmProvider>
    </ToastProvider>
  );
}

function Home() {
  const { session } = useSession();
  const realm = session.realms.find((name) => name !== '*') ?? 'default';
  const first: Route = { view: 'callflows', realm, id: null };
  return (
    <RouterProvider first={first}>
      <Shell />
    </RouterProvider>
  );
}

function Shell() {
  const { route } = useRouter();
  return (
    <RealmProvider key={route.realm} realm={route.realm}>
      <div className="shell">
        <Header />
        <main className="view">
          {route.view === 'lamps' ? <LampBoardView /> : <CallflowsView id={route.id} />}
        </main>
      </div>
    </RealmProvider>
  );
}
