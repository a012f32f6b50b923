import type { Json } from '../../callflow/callflow.ts';
import { isObject, listOf, textOf } from '../../callflow/data.ts';
import { Icon } from '../ui/icon.tsx';
import { Weekdays } from '../ui/weekdays.tsx';
import type { InputProps } from './data-field.tsx';

type Rule = Readonly<Record<string, Json>>;

const WORK_WEEK = [1, 2, 3, 4, 5];
const ALL_WEEK = [...WORK_WEEK, 6, 7];

/** Spans of the week; the name of each is an exit of the block. */
export function RulesInput({ field, value, fault, onChange }: InputProps<'rules'>) {
  const rules: readonly Json[] = Array.isArray(value) ? value : [];
  const change = (index: number, rule: Rule) => onChange(rules.map((old, at) => (at === index ? rule : old)));
  const remove = (index: number) => onChange(rules.filter((_, at) => at !== index));
  const add = () => {
    onChange([
      ...rules,
      { name: `rule ${rules.length + 1}`, weekdays: WORK_WEEK, from: '09:00', to: '17:00' },
    ]);
  };
  return (
    <fieldset className="field">
      <legend className="field-label">{field.label}</legend>
      {rules.map((rule, index) => (
        <RuleRow
          // biome-ignore lint/suspicious/noArrayIndexKey: a rule is known by nothing but its place while it is typed
          key={index}
          rule={rule}
          onChange={(next) => change(index, next)}
          onRemove={() => remove(index)}
        />
      ))}
      <button type="button" className="button small" onClick={add}>
        <Icon name="add" size={14} /> Add rule
      </button>
      {fault !== null && (
        <p className="fault-text" role="alert">
          {fault}
        </p>
      )}
      <small>{field.help}</small>
    </fieldset>
  );
}

interface RuleRowProps {
  readonly rule: Json;
  readonly onChange: (rule: Rule) => void;
  readonly onRemove: () => void;
}

function RuleRow({ rule, onChange, onRemove }: RuleRowProps) {
  const body = isObject(rule) ? (
    <RuleFields rule={rule} onChange={onChange} />
  ) : (
    <code>{String(rule)} (kept elsewhere)</code>
  );
  return (
    <div className="rule">
      {body}
      <button type="button" className="icon-button" aria-label="Remove rule" onClick={onRemove}>
        <Icon name="close" size={16} />
      </button>
    </div>
  );
}

function RuleFields({ rule, onChange }: { readonly rule: Rule; readonly onChange: (rule: Rule) => void }) {
  const set = (key: string, value: Json) => onChange({ ...rule, [key]: value });
  const days = Object.hasOwn(rule, 'weekdays') ? listOf(rule, 'weekdays') : ALL_WEEK;
  return (
    <>
      <input
        aria-label="Name of the rule"
        value={String(rule['name'] ?? '')}
        maxLength={64}
        onChange={(event) => set('name', event.target.value)}
      />
      <Weekdays
        value={days.filter((day) => typeof day === 'number')}
        onChange={(next) => set('weekdays', next)}
      />
      <span className="span">
        <input
          type="time"
          aria-label="From"
          value={textOf(rule, 'from') ?? '00:00'}
          onChange={(event) => set('from', event.target.value)}
        />
        –
        <input
          type="time"
          aria-label="To"
          value={textOf(rule, 'to') ?? '00:00'}
          onChange={(event) => set('to', event.target.value)}
        />
      </span>
    </>
  );
}
