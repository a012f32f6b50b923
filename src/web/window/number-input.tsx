import { Labelled } from '../ui/labelled.tsx';
import type { InputProps } from './data-field.tsx';

/** A number; empty is `null`, which the field may take for its initial value. */
export function NumberInput({ field, value, fault, onChange }: InputProps<'number'>) {
  const label = field.unit === undefined ? field.label : `${field.label} (${field.unit})`;
  const read = (text: string) => onChange(text === '' ? null : Number(text));
  return (
    <Labelled label={label} help={field.help} fault={fault}>
      {(bound) => (
        <input
          {...bound}
          type="number"
          inputMode="numeric"
          min={field.min}
          max={field.max}
          placeholder={field.initial === null ? undefined : String(field.initial)}
          value={typeof value === 'number' ? value : ''}
          onChange={(event) => read(event.target.value)}
        />
      )}
    </Labelled>
  );
}
