import { useEffect, useRef, useState } from 'react';
import type { BlfWatcher, SeenLamp } from './blf-watcher.ts';
import type { SipAccount } from './sip-account.ts';

interface Blf {
  readonly lamps: Readonly<Record<string, SeenLamp>>;
  readonly isConnected: boolean;
}

interface BlfPlace {
  /** Null: nothing is watched. */
  readonly server: string | null;
  readonly realm: string;
  /** Null: the server wants no password. */
  readonly account: SipAccount | null;
  /** The server does not take the account. Always the same function. */
  readonly onDenied: (reason: string) => void;
}

/** Watches IDs over SIP while `server` is set. The SIP stack is loaded when it is first needed. */
export function useBlf({ server, realm, account, onDenied }: BlfPlace, ids: readonly string[]): Blf {
  const [lamps, setLamps] = useState<Blf['lamps']>({});
  const [isConnected, setConnected] = useState(false);
  const watcher = useRef<BlfWatcher | null>(null);
  const wanted = useRef(ids);
  wanted.current = ids;

  useEffect(() => {
    if (server === null) return;
    let isOver = false;
    let opened: BlfWatcher | null = null;
    const open = async () => {
      const { BlfWatcher: Watcher } = await import('./blf-watcher.ts');
      if (isOver) return;
      const onLamp = (id: string, lamp: SeenLamp) => setLamps((all) => ({ ...all, [id]: lamp }));
      opened = new Watcher({ server, realm, account, onLamp, onConnected: setConnected, onDenied });
      watcher.current = opened;
      opened.watch(wanted.current);
      opened.start();
    };
    void open();
    return () => {
      isOver = true;
      watcher.current = null;
      setConnected(false);
      setLamps({});
      void opened?.stop();
    };
  }, [server, realm, account, onDenied]);
  useEffect(() => watcher.current?.watch(ids), [ids]);
  return { lamps, isConnected };
}
