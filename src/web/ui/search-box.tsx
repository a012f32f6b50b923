import { Icon } from './icon.tsx';

interface SearchBoxProps {
  /** Spoken. */
  readonly label: string;
  readonly placeholder: string;
  readonly value: string;
  readonly onChange: (text: string) => void;
}

/** A line of text that narrows a list down. */
export function SearchBox({ label, placeholder, value, onChange }: SearchBoxProps) {
  return (
    <label className="search">
      <Icon name="search" size={16} />
      <input
        type="search"
        aria-label={label}
        placeholder={placeholder}
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
    </label>
  );
}
