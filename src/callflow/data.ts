import type { Json } from './callflow.ts';
import type { NumberField } from './field.ts';

/** The settings of a block. */
export type Data = Readonly<Record<string, Json>>;

/** The value of a key, own keys only: a document may name one `constructor`. */
export function jsonOf(data: Data, key: string): Json | undefined {
  return Object.hasOwn(data, key) ? data[key] : undefined;
}

/** The text under `key`; null when it is absent, empty or no text. */
export function textOf(data: Data, key: string): string | null {
  const value = jsonOf(data, key);
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : null;
}

/** True only if `key` is set to true. */
export function isOn(data: Data, key: string): boolean {
  return jsonOf(data, key) === true;
}

/** The list under `key`; empty when there is none. */
export function listOf(data: Data, key: string): readonly Json[] {
  const value = jsonOf(data, key);
  return Array.isArray(value) ? value : [];
}

/** The number of a field, brought into its range; its initial value when it is absent or no number. */
export function numberOf(data: Data, field: NumberField): number | null {
  const value = jsonOf(data, field.key);
  if (typeof value !== 'number' || !Number.isFinite(value)) return field.initial;
  return Math.min(field.max, Math.max(field.min, value));
}

/** True for a JSON object, neither list nor null. */
export function isObject(value: unknown): value is Readonly<Record<string, Json>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
