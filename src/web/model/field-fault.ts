import type { Json } from '../../callflow/callflow.ts';
import type { Data } from '../../callflow/data.ts';
import type { Field } from '../../callflow/field.ts';
import { parseTimeRule } from '../../callflow/time-rule.ts';
import { parseResource } from '../../presence/resource.ts';

/** Why the value of a field cannot be taken, for people; null when it can. */
function fieldFault(field: Field, data: Data): string | null {
  const value = Object.hasOwn(data, field.key) ? data[field.key] : undefined;
  if (isEmpty(value)) return field.required ? `${field.label} is needed` : null;
  switch (field.kind) {
    case 'text':
      return textFault(field, String(value));
    case 'number':
      return numberFault(field, value as Json);
    case 'lines':
      return linesFault(field, value as Json);
    case 'rules':
      return rulesFault(value as Json);
    case 'choice':
    case 'switch':
      return null;
  }
}

/** The faults of a form by the key of the field; empty: it can be taken. */
export function formFaults(fields: readonly Field[], data: Data): Readonly<Record<string, string>> {
  const faults = fields.map((field) => [field.key, fieldFault(field, data)] as const);
  return Object.fromEntries(faults.filter((fault): fault is [string, string] => fault[1] !== null));
}

/** Why a text is no presence ID; null when it is one. The realm does not matter here. */
export function presenceIdFault(text: string): string | null {
  if (parseResource(text, 'default') !== null) return null;
  return 'Write an extension or a name such as night or 1001, or user@realm';
}

function isEmpty(value: Json | undefined): boolean {
  return value === undefined || value === null || (typeof value === 'string' && value.trim() === '');
}

function textFault(field: Extract<Field, { kind: 'text' }>, text: string): string | null {
  if (text.length > field.maxLength) return `At most ${field.maxLength} characters`;
  return field.suggest === 'presence-id' ? presenceIdFault(text) : null;
}

function numberFault({ min, max }: Extract<Field, { kind: 'number' }>, value: Json): string | null {
  const fits = typeof value === 'number' && Number.isFinite(value) && value >= min && value <= max;
  return fits ? null : `A number from ${min} to ${max}`;
}

function linesFault({ maxLines, maxLength }: Extract<Field, { kind: 'lines' }>, value: Json): string | null {
  if (!Array.isArray(value)) return 'A list, one entry a line';
  if (value.length > maxLines) return `At most ${maxLines} lines`;
  return value.some((line) => String(line).length > maxLength)
    ? `At most ${maxLength} characters a line`
    : null;
}

function rulesFault(value: Json): string | null {
  const rules: readonly Json[] = Array.isArray(value) ? value : [];
  const wrong = rules.findIndex((rule) => typeof rule !== 'string' && parseTimeRule(rule) === null);
  return wrong < 0 ? null : `Rule ${wrong + 1} needs a name, at least one weekday and two times`;
}
