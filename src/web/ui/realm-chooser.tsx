import { useState } from 'react';
import { useRouter } from '../state/router.tsx';
import { useSession } from '../state/session.tsx';
import { Icon } from './icon.tsx';
import { Window } from './window.tsx';

const OTHER = '\u0000other';

/** Chooses the realm whose callflows and lamps are shown. A token for any realm can name one that is not listed. */
export function RealmChooser() {
  const { session } = useSession();
  const { route, go } = useRouter();
  const [isAsking, setAsking] = useState(false);
  const listed = session.realms.filter((name) => name !== '*');
  const names = [...new Set([...listed, route.realm])].sort();
  const choose = (realm: string) => {
    if (realm === OTHER) setAsking(true);
    else void go(route.view === 'lamps' ? { view: 'lamps', realm } : { view: 'callflows', realm, id: null });
  };
  return (
    <>
      <label className="realm" title="Realm">
        <Icon name="globe" size={16} />
        <select aria-label="Realm" value={route.realm} onChange={(event) => choose(event.target.value)}>
          {names.map((name) => (
            <option key={name}>{name}</option>
          ))}
          {session.realms.includes('*') && <option value={OTHER}>Other realm…</option>}
        </select>
      </label>
      {isAsking && <OtherRealm onClose={() => setAsking(false)} onRealm={choose} />}
    </>
  );
}

function OtherRealm({ onClose, onRealm }: { onClose: () => void; onRealm: (realm: string) => void }) {
  const [name, setName] = useState('');
  const realm = name.trim().toLowerCase();
  const submit = () => {
    if (realm === '') return;
    onClose();
    onRealm(realm);
  };
  const footer = (
    <>
      <button type="button" className="button" onClick={onClose}>
        Cancel
      </button>
      <button type="submit" className="button primary" disabled={realm === ''}>
        Open realm
      </button>
    </>
  );
  return (
    <Window title="Other realm" onClose={onClose} onSubmit={submit} footer={footer}>
      <label className="field">
        <span className="field-label">Realm</span>
        <input value={name} onChange={(event) => setName(event.target.value)} placeholder="acme.example" />
        <small>The domain name in the phones' addresses: the part after the @.</small>
      </label>
    </Window>
  );
}
