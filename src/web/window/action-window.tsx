import { useState } from 'react';
import type { FlowNode } from '../../callflow/callflow.ts';
import { actionOf } from '../../callflow/catalog.ts';
import type { Data } from '../../callflow/data.ts';
import type { Field } from '../../callflow/field.ts';
import { useDesk } from '../editor/desk.ts';
import { ModuleIcon } from '../editor/module-icon.tsx';
import { formFaults } from '../model/field-fault.ts';
import { Window } from '../ui/window.tsx';
import { DataField } from './data-field.tsx';

interface ActionWindowProps {
  readonly node: FlowNode;
  /** True: the block is put on the diagram by the button; closing the window puts nothing there. */
  readonly isNew: boolean;
  readonly onClose: () => void;
  readonly onDone: (data: Data) => void;
}

/** The window of a block: its main fields, and the rarely needed ones folded away. */
export function ActionWindow({ node, isNew, onClose, onDone }: ActionWindowProps) {
  const action = actionOf(node.module);
  const [data, setData] = useState<Data>(node.data);
  const [isTried, setTried] = useState(false);
  const fields = useFields(action?.fields ?? []);
  const faults = formFaults(fields, data);
  const shown = isTried ? faults : {};
  const submit = () => {
    setTried(true);
    if (Object.keys(faults).length > 0) return;
    onClose();
    onDone(cleaned(fields, data));
  };
  const footer = (
    <>
      <button type="button" className="button" onClick={onClose}>
        Cancel
      </button>
      <button type="submit" className="button primary">
        {isNew ? 'Add block' : 'Apply'}
      </button>
    </>
  );
  const draw = (field: Field) => (
    <DataField
      key={field.key}
      field={field}
      data={data}
      fault={shown[field.key] ?? null}
      onChange={setData}
    />
  );
  const advanced = fields.filter((field) => field.advanced === true);
  return (
    <Window
      title={action?.title ?? node.module}
      icon={<ModuleIcon module={node.module} />}
      onClose={onClose}
      onSubmit={submit}
      footer={footer}
      isWide={fields.some(({ kind }) => kind === 'rules')}
    >
      <p className="muted">{action?.help ?? 'This engine cannot run the block; it is kept as it is.'}</p>
      {fields.filter((field) => field.advanced !== true).map(draw)}
      {action === null && <pre className="raw">{JSON.stringify(data, null, 2)}</pre>}
      {advanced.length > 0 && (
        <details className="more" open={advanced.some(({ key }) => shown[key] !== undefined)}>
          <summary>More options</summary>
          {advanced.map(draw)}
        </details>
      )}
    </Window>
  );
}

const CAPTURED = 'Left empty, it is what the pattern of the callflow captures from the dialled number.';

/** Kazoo: with a pattern the ID may be left out, and is then what the pattern captures. */
function useFields(fields: readonly Field[]): readonly Field[] {
  const { draft } = useDesk();
  if (draft.patterns.length === 0) return fields;
  return fields.map((field) => {
    if (field.key !== 'presence_id') return field;
    const { required: _, ...optional } = field;
    return { ...optional, help: `${field.help} ${CAPTURED}` } as Field;
  });
}

/** Texts without blanks around them; optional values that were emptied are left out. */
function cleaned(fields: readonly Field[], data: Data): Data {
  const optional = fields.filter((field) => field.required !== true).map(({ key }) => key);
  const entries = Object.entries(data)
    .map(([key, value]) => [key, typeof value === 'string' ? value.trim() : value] as const)
    .filter(([key, value]) => !((value === '' || value === null) && optional.includes(key)));
  return Object.fromEntries(entries);
}
