const DAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'] as const;

interface WeekdaysProps {
  /** 1 (Monday) to 7 (Sunday). */
  readonly value: readonly number[];
  readonly onChange: (days: readonly number[]) => void;
}

/** Days of the week, each on or off. */
export function Weekdays({ value, onChange }: WeekdaysProps) {
  const flip = (day: number, isOn: boolean) => {
    const days = isOn ? [...value, day] : value.filter((one) => one !== day);
    onChange(days.sort((one, other) => one - other));
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be laid out in one line everywhere
    <div className="weekdays" role="group" aria-label="Weekdays">
      {DAYS.map((name, index) => (
        <label key={name} title={name}>
          <input
            type="checkbox"
            aria-label={name}
            checked={value.includes(index + 1)}
            onChange={(event) => flip(index + 1, event.target.checked)}
          />
          <span aria-hidden="true">{name.slice(0, 2)}</span>
        </label>
      ))}
    </div>
  );
}
