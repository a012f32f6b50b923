import { useState } from 'react';
import { Labelled } from '../ui/labelled.tsx';
import type { InputProps } from './data-field.tsx';

/** A list, one entry a line. */
export function LinesInput({ field, value, fault, onChange }: InputProps<'lines'>) {
  // The text as typed: an empty line would vanish under the cursor if it came back from the list.
  const [text, setText] = useState(() => (Array.isArray(value) ? value.map(String).join('\n') : ''));
  const type = (next: string) => {
    setText(next);
    onChange(
      next
        .split('\n')
        .map((line) => line.trim())
        .filter(Boolean),
    );
  };
  return (
    <Labelled label={field.label} help={field.help} fault={fault}>
      {(bound) => (
        <textarea
          {...bound}
          rows={3}
          value={text}
          placeholder={field.placeholder}
          spellCheck={false}
          onChange={(event) => type(event.target.value)}
        />
      )}
    </Labelled>
  );
}
