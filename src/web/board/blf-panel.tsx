import { type FormEvent, useMemo, useState } from 'react';
import { useKnownIds, useRealm } from '../state/realm.tsx';
import { useSession } from '../state/session.tsx';
import { Icon } from '../ui/icon.tsx';
import { Lamp, lampWord } from '../ui/lamp.tsx';
import { BlfSignIn } from './blf-sign-in.tsx';
import type { SeenLamp } from './blf-watcher.ts';
import { sipServer } from './sip-server.ts';
import { useBlf } from './use-blf.ts';
import { type SipAccountState, useSipAccount } from './use-sip-account.ts';

/** Kept for this tab: which keys the panel has. */
const KEYS_KEY = 'lamplighter.blf';

/** A soft phone's row of BLF keys. It hears of lamps by SIP only, so what it shows is what desk phones show. */
export function BlfPanel() {
  const { realm } = useRealm();
  const server = useSipServer();
  const [isOn, setOn] = useState(false);
  const [keys, setKeys] = useState(() => storedKeys(realm));
  const who = useSipAccount();
  const { account, deny: onDenied, isWanted } = who;
  const isActive = isOn && !isWanted;
  const { lamps, isConnected } = useBlf({ server: isActive ? server : null, realm, account, onDenied }, keys);
  const change = (next: readonly string[]) => {
    sessionStorage.setItem(`${KEYS_KEY}.${realm}`, JSON.stringify(next));
    setKeys(next);
  };
  const add = (id: string) => change([...keys.filter((key) => key !== id), id]);
  return (
    <section className="blf" aria-label="BLF panel">
      <header className="panel-head">
        <h2>BLF panel</h2>
        <BlfSwitch isOn={isActive} isPossible={server !== null && !isWanted} onChange={setOn} />
      </header>
      <p className="muted">
        A SIP phone in this page: each key SUBSCRIBEs over WebSocket, and its lamp follows the NOTIFYs.
      </p>
      <p className="blf-state" role="status">
        <BlfState isOn={isActive} isConnected={isConnected} server={server} />
      </p>
      {server !== null && <BlfUser who={who} onSignedIn={() => setOn(true)} />}
      <ul className="blf-keys">
        {keys.map((id) => (
          <BlfKey
            key={id}
            id={id}
            lamp={isActive ? (lamps[id] ?? null) : null}
            onRemove={() => change(keys.filter((key) => key !== id))}
          />
        ))}
      </ul>
      <AddKey onAdd={add} />
    </section>
  );
}

/** As whom the panel watches, where the server asks for it. */
function BlfUser({ who, onSignedIn }: { who: SipAccountState; onSignedIn: () => void }) {
  const { account, fault, isWanted } = who;
  const signIn: SipAccountState['signIn'] = (next) => {
    who.signIn(next);
    onSignedIn();
  };
  if (isWanted) return <BlfSignIn fault={fault} onAccount={signIn} />;
  if (account === null) return null;
  return (
    <p className="blf-user">
      <span>
        SIP user <strong>{account.user}</strong>
      </span>
      <button type="button" className="button quiet" onClick={who.signOut}>
        Change SIP user
      </button>
    </p>
  );
}

function BlfSwitch(props: { isOn: boolean; isPossible: boolean; onChange: (isOn: boolean) => void }) {
  const { isOn, isPossible, onChange } = props;
  return (
    <label className="switch compact">
      <input
        type="checkbox"
        role="switch"
        aria-checked={isOn}
        aria-label="Connect the BLF panel"
        checked={isOn}
        disabled={!isPossible}
        onChange={(event) => onChange(event.target.checked)}
      />
    </label>
  );
}

function BlfState(props: { isOn: boolean; isConnected: boolean; server: string | null }) {
  const { isOn, isConnected, server } = props;
  if (server === null) return <>This server offers no SIP over WebSocket</>;
  if (!isOn) return <>Not connected</>;
  return isConnected ? <>Connected to {server}</> : <>Connecting to {server}…</>;
}

function BlfKey({ id, lamp, onRemove }: { id: string; lamp: SeenLamp | null; onRemove: () => void }) {
  const status = lamp?.status ?? null;
  const word = status === null ? 'not known' : lampWord(status);
  return (
    <li className="blf-key" aria-label={`${id}: ${word}`}>
      <Lamp status={status} size="large" />
      <span className="blf-text">
        <strong>{id}</strong>
        <small title={lamp?.fault ?? undefined}>
          {lamp?.fault ?? word}
          {lamp !== null && lamp.notifies > 0 && ` · ${lamp.notifies} NOTIFY`}
        </small>
      </span>
      <button type="button" className="icon-button" aria-label={`Remove key ${id}`} onClick={onRemove}>
        <Icon name="close" size={14} />
      </button>
    </li>
  );
}

function AddKey({ onAdd }: { readonly onAdd: (id: string) => void }) {
  const known = useKnownIds();
  const [text, setText] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const id = text.trim().toLowerCase();
    if (id === '' || /[\s@]/.test(id)) return;
    onAdd(id);
    setText('');
  };
  return (
    <form className="entry-add" onSubmit={submit}>
      <input
        aria-label="ID of a new key"
        placeholder="ID, such as night"
        value={text}
        list="blf-known"
        onChange={(event) => setText(event.target.value)}
      />
      <datalist id="blf-known">
        {known.map((id) => (
          <option key={id} value={id} />
        ))}
      </datalist>
      <button type="submit" className="button" disabled={text.trim() === ''}>
        <Icon name="add" size={16} /> Add key
      </button>
    </form>
  );
}

/** Where SIP over WebSocket is spoken: the host of this page, secure when the page is. */
function useSipServer(): string | null {
  const { session } = useSession();
  return useMemo(() => sipServer(location, session.sip ?? null), [session.sip]);
}

function storedKeys(realm: string): readonly string[] {
  const text = sessionStorage.getItem(`${KEYS_KEY}.${realm}`);
  return text === null ? [] : (JSON.parse(text) as string[]);
}
