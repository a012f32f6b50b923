import { useLamp } from '../state/realm.tsx';
import { Lamp, lampWord } from '../ui/lamp.tsx';

/** The live lamp of a presence ID. */
export function LampOf({ id }: { readonly id: string }) {
  const status = useLamp(id)?.lamp.status ?? null;
  const label = status === null ? `Lamp ${id}: not known` : `Lamp ${id}: ${lampWord(status)}`;
  return <Lamp status={status} size="large" label={label} />;
}
