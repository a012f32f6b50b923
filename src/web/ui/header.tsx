import type { MouseEvent } from 'react';
import { formatRoute, type Route } from '../model/route.ts';
import { useLamps } from '../state/realm.tsx';
import { useRouter } from '../state/router.tsx';
import { useSession } from '../state/session.tsx';
import { Brand } from './brand.tsx';
import { Icon, type IconName } from './icon.tsx';
import { RealmChooser } from './realm-chooser.tsx';

/** The bar on top: where one is, and in which realm. */
export function Header() {
  const { route } = useRouter();
  const { signOut } = useSession();
  const { realm } = route;
  return (
    <header className="header">
      <Brand />
      <nav className="tabs" aria-label="Pages">
        <Tab to={{ view: 'callflows', realm, id: null }} icon="flow" label="Callflows" />
        <Tab to={{ view: 'lamps', realm }} icon="lamp" label="Lamps" />
      </nav>
      <span className="spring" />
      <LinkState />
      <RealmChooser />
      {signOut !== null && (
        <button
          type="button"
          className="icon-button"
          aria-label="Sign out"
          title="Sign out"
          onClick={signOut}
        >
          <Icon name="exit" />
        </button>
      )}
    </header>
  );
}

function Tab({ to, icon, label }: { readonly to: Route; readonly icon: IconName; readonly label: string }) {
  const { route, go } = useRouter();
  const isHere = route.view === to.view;
  const onClick = (event: MouseEvent) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    void go(to);
  };
  return (
    <a className="tab" href={formatRoute(to)} aria-current={isHere ? 'page' : undefined} onClick={onClick}>
      <Icon name={icon} />
      <span>{label}</span>
    </a>
  );
}

const LINK_TEXT = { connecting: 'Connecting…', current: 'Live', lost: 'Connection lost' } as const;

function LinkState() {
  const { link } = useLamps();
  return (
    <span className={`link-state link-${link}`} role="status">
      <i />
      <span>{LINK_TEXT[link]}</span>
    </span>
  );
}
