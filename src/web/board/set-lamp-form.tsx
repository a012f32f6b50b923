import { type FormEvent, useState } from 'react';
import { presenceIdFault } from '../model/field-fault.ts';
import { Icon } from '../ui/icon.tsx';
import { useSetLamp } from './use-set-lamp.ts';

/** Sets a lamp that is not on the board yet. */
export function SetLampForm() {
  const setLamp = useSetLamp();
  const [text, setText] = useState('');
  const [isTried, setTried] = useState(false);
  const fault = presenceIdFault(text);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (fault !== null) return;
    void setLamp(text.trim(), 'busy');
    setText('');
    setTried(false);
  };
  return (
    <form className="entry-add board-add" onSubmit={submit}>
      <input
        aria-label="Presence ID"
        placeholder="Light another ID, such as night"
        value={text}
        aria-invalid={isTried && fault !== null}
        onChange={(event) => setText(event.target.value)}
      />
      <button type="submit" className="button" disabled={text.trim() === ''}>
        <Icon name="lamp" size={16} /> Set busy
      </button>
      {isTried && fault !== null && text !== '' && (
        <p className="fault-text" role="alert">
          {fault}
        </p>
      )}
    </form>
  );
}
