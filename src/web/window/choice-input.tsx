import { useId } from 'react';
import type { InputProps } from './data-field.tsx';

/** One of a few: all of them are shown, the arrow keys move among them. */
export function ChoiceInput({ field, value, fault, onChange }: InputProps<'choice'>) {
  const name = useId();
  const chosen = typeof value === 'string' ? value : field.initial;
  return (
    <fieldset className="field choice" aria-describedby={`${name}-help`}>
      <legend className="field-label">{field.label}</legend>
      <div className="segments">
        {field.options.map((option) => (
          <label key={option.value} className={`segment status-${option.value}`}>
            <input
              type="radio"
              name={name}
              value={option.value}
              checked={chosen === option.value}
              onChange={() => onChange(option.value)}
            />
            <span>{option.label}</span>
          </label>
        ))}
      </div>
      {fault !== null && <p className="fault-text">{fault}</p>}
      <small id={`${name}-help`}>{field.help}</small>
    </fieldset>
  );
}
