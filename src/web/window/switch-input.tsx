import type { InputProps } from './data-field.tsx';

/** On or off. */
export function SwitchInput({ field, value, onChange }: InputProps<'switch'>) {
  const isOn = typeof value === 'boolean' ? value : field.initial;
  return (
    <label className="field switch">
      <input
        type="checkbox"
        role="switch"
        aria-checked={isOn}
        checked={isOn}
        onChange={(event) => onChange(event.target.checked)}
      />
      <span>
        <span className="field-label">{field.label}</span>
        <small>{field.help}</small>
      </span>
    </label>
  );
}
