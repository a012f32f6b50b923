import { useId } from 'react';
import { textOf } from '../../callflow/data.ts';
import type { Suggestion } from '../../callflow/field.ts';
import { CALL_VARIABLES } from '../../callflow/variable.ts';
import { useDesk } from '../editor/desk.ts';
import { blocksOf } from '../model/tree.ts';
import { useKnownIds, useRealm } from '../state/realm.tsx';
import { Labelled } from '../ui/labelled.tsx';
import type { InputProps } from './data-field.tsx';

/** A line of text, with suggestions of what is known. */
export function TextInput(props: InputProps<'text'>) {
  const { field, value, fault, onChange } = props;
  const listId = useId();
  const suggestions = useSuggestions(field.suggest);
  if (field.suggest === 'callflow') return <CallflowInput {...props} />;
  return (
    <Labelled label={field.label} help={field.help} fault={fault}>
      {(bound) => (
        <>
          <input
            {...bound}
            type="text"
            value={value === undefined || value === null ? '' : String(value)}
            placeholder={field.placeholder}
            maxLength={field.maxLength}
            required={field.required}
            autoComplete="off"
            autoCapitalize="off"
            spellCheck={false}
            list={suggestions.length > 0 ? listId : undefined}
            onChange={(event) => onChange(event.target.value)}
          />
          <datalist id={listId}>
            {suggestions.map((text) => (
              <option key={text} value={text} />
            ))}
          </datalist>
        </>
      )}
    </Labelled>
  );
}

function CallflowInput({ field, value, fault, onChange }: InputProps<'text'>) {
  const { callflows } = useRealm();
  const { editor } = useDesk();
  const list = (callflows ?? []).filter(({ id }) => id !== editor.id);
  const id = typeof value === 'string' ? value : '';
  const isKnown = id === '' || list.some((callflow) => callflow.id === id);
  return (
    <Labelled label={field.label} help={field.help} fault={fault}>
      {(bound) => (
        <select {...bound} value={id} onChange={(event) => onChange(event.target.value)}>
          <option value="">Choose a callflow…</option>
          {!isKnown && <option value={id}>{id} (not in this realm)</option>}
          {list.map((callflow) => (
            <option key={callflow.id} value={callflow.id}>
              {callflow.name}
              {callflow.numbers.length > 0 && ` (${callflow.numbers.join(', ')})`}
            </option>
          ))}
        </select>
      )}
    </Labelled>
  );
}

function useSuggestions(kind: Suggestion | undefined): readonly string[] {
  const known = useKnownIds();
  const { draft } = useDesk();
  const inFlow = (key: string) =>
    blocksOf(draft.flow)
      .map(({ node }) => textOf(node.data, key))
      .filter((text) => text !== null);
  switch (kind) {
    case 'presence-id':
      return [...new Set([...known, ...inFlow('presence_id')])];
    case 'variable':
      return [...new Set([...CALL_VARIABLES, ...inFlow('variable')])];
    case 'time-zone':
      return Intl.supportedValuesOf('timeZone');
    case 'callflow':
    case undefined:
      return [];
  }
}
