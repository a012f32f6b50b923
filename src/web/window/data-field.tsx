import type { Json } from '../../callflow/callflow.ts';
import type { Data } from '../../callflow/data.ts';
import type { Field } from '../../callflow/field.ts';
import { ChoiceInput } from './choice-input.tsx';
import { LinesInput } from './lines-input.tsx';
import { NumberInput } from './number-input.tsx';
import { RulesInput } from './rules-input.tsx';
import { SwitchInput } from './switch-input.tsx';
import { TextInput } from './text-input.tsx';

interface DataFieldProps {
  readonly field: Field;
  readonly data: Data;
  /** Why the value cannot be taken; null: it can, or nobody has tried yet. */
  readonly fault: string | null;
  readonly onChange: (data: Data) => void;
}

/** What an input of one kind of field gets. */
export interface InputProps<Kind extends Field['kind']> {
  readonly field: Extract<Field, { kind: Kind }>;
  readonly value: Json | undefined;
  readonly fault: string | null;
  readonly onChange: (value: Json) => void;
}

/** One field of a block, drawn from its description. */
export function DataField({ field, data, fault, onChange }: DataFieldProps) {
  const value = Object.hasOwn(data, field.key) ? data[field.key] : undefined;
  const common = { value, fault, onChange: (next: Json) => onChange({ ...data, [field.key]: next }) };
  switch (field.kind) {
    case 'text':
      return <TextInput field={field} {...common} />;
    case 'choice':
      return <ChoiceInput field={field} {...common} />;
    case 'number':
      return <NumberInput field={field} {...common} />;
    case 'switch':
      return <SwitchInput field={field} {...common} />;
    case 'lines':
      return <LinesInput field={field} {...common} />;
    case 'rules':
      return <RulesInput field={field} {...common} />;
  }
}
