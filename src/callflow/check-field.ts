import type { BlockProblem } from './action.ts';
import type { Json } from './callflow.ts';
import { type Data, jsonOf, textOf } from './data.ts';
import type { Field, LinesField, NumberField } from './field.ts';

/** What is wrong with the data of a block, by the description of its fields. Keys without a field are passed over. */
export function checkFields(fields: readonly Field[], data: Data): readonly BlockProblem[] {
  return fields.flatMap((field) => checkField(field, data));
}

function checkField(field: Field, data: Data): readonly BlockProblem[] {
  const value = jsonOf(data, field.key) ?? null;
  if (value === null || value === '') return checkAbsent(field, data);
  switch (field.kind) {
    case 'text':
      return typeof value === 'string' && value.length <= field.maxLength
        ? checkAbsent(field, data)
        : wrong(field, `a text of at most ${field.maxLength} characters`);
    case 'choice':
      return field.options.some((option) => option.value === value)
        ? []
        : wrong(field, `one of ${field.options.map((option) => option.value).join(', ')}`);
    case 'number':
      return checkNumber(field, value);
    case 'switch':
      return typeof value === 'boolean' ? [] : wrong(field, 'true or false');
    case 'lines':
      return isLines(field, value)
        ? []
        : wrong(field, `a list of at most ${field.maxLines} texts of at most ${field.maxLength} characters`);
    case 'rules':
      return Array.isArray(value) && value.length <= 50 ? [] : wrong(field, 'a list of at most 50 rules');
  }
}

/** A presence ID may be left out where a pattern captures one: its own check knows. */
function checkAbsent(field: Field, data: Data): readonly BlockProblem[] {
  if (field.required !== true || field.key === 'presence_id' || textOf(data, field.key) !== null) return [];
  return [{ severity: 'error', code: 'missing-field', message: `${field.label} is missing` }];
}

function checkNumber(field: NumberField, value: Json): readonly BlockProblem[] {
  if (typeof value !== 'number') return wrong(field, `a number from ${field.min} to ${field.max}`);
  if (value >= field.min && value <= field.max) return [];
  const message = `${field.label} is ${value}: want ${field.min} to ${field.max}; what is beyond is not used`;
  return [{ severity: 'warning', code: 'out-of-range', message }];
}

function isLines(field: LinesField, value: Json): boolean {
  if (!Array.isArray(value) || value.length > field.maxLines) return false;
  return value.every((line) => typeof line === 'string' && line.length <= field.maxLength);
}

function wrong(field: Field, wanted: string): readonly BlockProblem[] {
  return [{ severity: 'error', code: 'bad-field', message: `${field.label} must be ${wanted}` }];
}
