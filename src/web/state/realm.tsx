import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useState,
  useSyncExternalStore,
} from 'react';
import { failureText, type StoredSeat } from '../api.ts';
import type { CallflowSummary } from '../model/clash.ts';
import { boardIdOf, type LampBoard, type LiveLamps } from '../model/live.ts';
import { LampStore } from './lamp-store.ts';
import { useSession } from './session.tsx';

/** How often the list is read again, so that two tabs, and two people, see the same. */
const LIST_EVERY_MS = 4000;

export interface RealmData {
  readonly realm: string;
  readonly lamps: LampStore;
  /** Null: not read yet. */
  readonly callflows: readonly CallflowSummary[] | null;
  /** Why the list could not be read; null: it could. */
  readonly fault: string | null;
  readonly seats: readonly StoredSeat[];
  readonly canWrite: boolean;
  readonly reload: () => Promise<void>;
  readonly reloadSeats: () => Promise<void>;
}

const RealmContext = createContext<RealmData | null>(null);

/** What is known of the realm that the page shows. */
export function useRealm(): RealmData {
  const data = useContext(RealmContext);
  if (data === null) throw new Error('useRealm outside of RealmProvider');
  return data;
}

/** All lamps of the realm, live. */
export function useLamps(): LiveLamps {
  const { lamps } = useRealm();
  return useSyncExternalStore(lamps.subscribe, lamps.snapshot);
}

/** The lamp of an ID as a block names it; null while it is not known. An ID that was never set is idle. */
export function useLamp(written: string): Pick<LampBoard, 'lamp'> | null {
  const { lamps, realm } = useRealm();
  const id = boardIdOf(written, realm);
  const read = useCallback(() => {
    const { boards, link } = lamps.snapshot();
    if (id === null) return null;
    return boards[id] ?? (link === 'current' ? IDLE : null);
  }, [lamps, id]);
  return useSyncExternalStore(lamps.subscribe, read);
}

const IDLE: Pick<LampBoard, 'lamp'> = { lamp: { status: 'idle' } };

/** The presence IDs that are known: lamps that were heard of and those of seats. */
export function useKnownIds(): readonly string[] {
  const { seats } = useRealm();
  const { boards } = useLamps();
  const ids = [...Object.keys(boards), ...seats.map((seat) => seat.presenceId.toLowerCase()).filter(Boolean)];
  return [...new Set(ids)].sort((one, other) => one.localeCompare(other, undefined, { numeric: true }));
}

/** Reads and follows one realm. */
export function RealmProvider({ realm, children }: { readonly realm: string; readonly children: ReactNode }) {
  const { session } = useSession();
  const lamps = useLampStore(realm);
  const list = useCallflowList(realm);
  const { seats, reloadSeats } = useSeats(realm);
  const canWrite = session.access === 'write';
  const data = useMemo<RealmData | null>(
    () => (lamps === null ? null : { realm, lamps, seats, reloadSeats, canWrite, ...list }),
    [realm, lamps, seats, reloadSeats, canWrite, list],
  );
  return data === null ? null : <RealmContext value={data}>{children}</RealmContext>;
}

function useLampStore(realm: string): LampStore | null {
  const { api } = useSession();
  const [store, setStore] = useState<LampStore | null>(null);
  useEffect(() => {
    const opened = new LampStore(api, realm);
    setStore(opened);
    return () => opened.close();
  }, [api, realm]);
  return store;
}

function useCallflowList(realm: string): Pick<RealmData, 'callflows' | 'fault' | 'reload'> {
  const { api } = useSession();
  const [callflows, setCallflows] = useState<readonly CallflowSummary[] | null>(null);
  const [fault, setFault] = useState<string | null>(null);
  const reload = useCallback(async () => {
    const answer = await api.callflows(realm);
    setFault(answer.kind === 'ok' ? null : failureText(answer));
    if (answer.kind === 'ok') {
      const next = answer.value.callflows;
      // The same list stays the same value: nothing is drawn anew every few seconds.
      setCallflows((old) => (JSON.stringify(old) === JSON.stringify(next) ? old : next));
    }
  }, [api, realm]);
  useEffect(() => {
    setCallflows(null);
    void reload();
    const timer = setInterval(() => document.visibilityState === 'visible' && void reload(), LIST_EVERY_MS);
    const onFocus = () => void reload();
    addEventListener('focus', onFocus);
    return () => {
      clearInterval(timer);
      removeEventListener('focus', onFocus);
    };
  }, [reload]);
  return useMemo(() => ({ callflows, fault, reload }), [callflows, fault, reload]);
}

function useSeats(realm: string): Pick<RealmData, 'seats' | 'reloadSeats'> {
  const { api } = useSession();
  const [seats, setSeats] = useState<readonly StoredSeat[]>([]);
  const reloadSeats = useCallback(async () => {
    const answer = await api.seats(realm);
    if (answer.kind === 'ok') setSeats(answer.value.seats);
  }, [api, realm]);
  useEffect(() => void reloadSeats(), [reloadSeats]);
  return { seats, reloadSeats };
}
