import type { ScheduleEntry } from '../../callflow/callflow.ts';
import { Icon } from '../ui/icon.tsx';
import { Weekdays } from '../ui/weekdays.tsx';

interface ScheduleInputProps {
  readonly value: readonly ScheduleEntry[];
  readonly onChange: (schedule: readonly ScheduleEntry[]) => void;
}

/** The times at which the flow runs by itself. */
export function ScheduleInput({ value, onChange }: ScheduleInputProps) {
  const change = (index: number, entry: ScheduleEntry) =>
    onChange(value.map((old, at) => (at === index ? entry : old)));
  const add = () => {
    const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
    onChange([...value, { weekdays: [1, 2, 3, 4, 5], at: '08:00', timeZone }]);
  };
  return (
    <fieldset className="field">
      <legend className="field-label">Schedule</legend>
      {value.map((entry, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: an entry is known by nothing but its place
        <div className="rule" key={index}>
          <Weekdays value={entry.weekdays} onChange={(weekdays) => change(index, { ...entry, weekdays })} />
          <input
            type="time"
            aria-label="Time"
            value={entry.at}
            onChange={(event) => change(index, { ...entry, at: event.target.value })}
          />
          <input
            aria-label="Time zone"
            list="schedule-zones"
            value={entry.timeZone}
            onChange={(event) => change(index, { ...entry, timeZone: event.target.value })}
          />
          <button
            type="button"
            className="icon-button"
            aria-label="Remove time"
            onClick={() => onChange(value.filter((_, at) => at !== index))}
          >
            <Icon name="close" size={16} />
          </button>
        </div>
      ))}
      <datalist id="schedule-zones">
        {Intl.supportedValuesOf('timeZone').map((zone) => (
          <option key={zone} value={zone} />
        ))}
      </datalist>
      <button type="button" className="button small" onClick={add}>
        <Icon name="add" size={14} /> Add time
      </button>
      <small>The flow runs by itself at these times, without a call.</small>
    </fieldset>
  );
}
