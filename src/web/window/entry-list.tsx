import { type KeyboardEvent, useId, useState } from 'react';
import { Icon } from '../ui/icon.tsx';

interface EntryListProps {
  readonly label: string;
  readonly addLabel: string;
  readonly placeholder: string;
  readonly help: string;
  readonly entries: readonly string[];
  readonly onChange: (entries: readonly string[]) => void;
  /** What is typed but not added, when the form wants to know. */
  readonly typed?: string;
  readonly onTyped?: (text: string) => void;
  /** Why a text cannot be added. */
  readonly faultOf?: (text: string) => string | null;
  /** Who has the entry already; shown at once, while it is typed. */
  readonly clashOf?: (text: string) => string | null;
}

/** A list of short texts: typed and added below, removed one by one. */
export function EntryList(props: EntryListProps) {
  const {
    label,
    addLabel,
    placeholder,
    help,
    entries,
    onChange,
    clashOf = () => null,
    faultOf = faultless,
  } = props;
  const [own, setOwn] = useState('');
  const [isTried, setTried] = useState(false);
  const id = useId();
  const typed = props.typed ?? own;
  const type = (text: string) => {
    setTried(false);
    (props.onTyped ?? setOwn)(text);
  };
  const text = typed.trim();
  const fault = faultOf(text);
  const add = () => {
    setTried(true);
    if (text === '' || fault !== null || entries.includes(text)) return;
    onChange([...entries, text]);
    type('');
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || text === '') return;
    event.preventDefault();
    add();
  };
  const clash = text === '' ? null : clashOf(text);
  return (
    <div className="field">
      <label className="field-label" htmlFor={id}>
        {label}
      </label>
      {entries.length > 0 && (
        <ul className="entries" aria-label={label}>
          {entries.map((entry) => (
            <Entry
              key={entry}
              entry={entry}
              clash={clashOf(entry)}
              onRemove={() => onChange(entries.filter((one) => one !== entry))}
            />
          ))}
        </ul>
      )}
      <div className="entry-add">
        <input
          id={id}
          value={typed}
          placeholder={placeholder}
          autoComplete="off"
          spellCheck={false}
          aria-invalid={clash !== null || (isTried && fault !== null)}
          aria-describedby={`${id}-help`}
          onChange={(event) => type(event.target.value)}
          onKeyDown={onKeyDown}
        />
        <button type="button" className="button" aria-label={addLabel} disabled={text === ''} onClick={add}>
          <Icon name="add" size={16} /> Add
        </button>
      </div>
      <div id={`${id}-help`}>
        {text !== '' && (clash ?? (isTried || /\s/.test(text) ? fault : null)) !== null && (
          <p className="fault-text" role="alert">
            {clash === null ? fault : `${text}: ${clash.toLowerCase()}`}
          </p>
        )}
        <small>{help}</small>
      </div>
    </div>
  );
}

function faultless(): null {
  return null;
}

function Entry(props: { entry: string; clash: string | null; onRemove: () => void }) {
  const { entry, clash, onRemove } = props;
  return (
    <li className={clash === null ? 'entry' : 'entry is-clash'}>
      <code>{entry}</code>
      {clash !== null && (
        <span className="fault-text" role="alert">
          {clash}
        </span>
      )}
      <button type="button" className="icon-button" aria-label={`Remove ${entry}`} onClick={onRemove}>
        <Icon name="close" size={14} />
      </button>
    </li>
  );
}
