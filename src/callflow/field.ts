interface FieldBase {
  /** Key in the data of the block. */
  readonly key: string;
  readonly label: string;
  /** One or two sentences for people. */
  readonly help: string;
  readonly required?: true;
  /** Seldom needed: a form may fold it away. */
  readonly advanced?: true;
}

/** One thing to fill in about a block. Plain JSON: the form of the configurator is drawn from it. */
export type Field =
  | TextField
  | ChoiceField
  | NumberField
  | SwitchField
  | LinesField
  /** A list of `TimeRule`s; the name of each is an exit. */
  | (FieldBase & { readonly kind: 'rules' });

/** What a text is the name of, for suggestions. */
export type Suggestion = 'presence-id' | 'callflow' | 'time-zone' | 'variable';

export interface TextField extends FieldBase {
  readonly kind: 'text';
  readonly maxLength: number;
  readonly placeholder?: string;
  readonly suggest?: Suggestion;
}

export interface ChoiceField extends FieldBase {
  readonly kind: 'choice';
  readonly options: readonly { readonly value: string; readonly label: string }[];
  /** What an absent value means. */
  readonly initial: string;
}

export interface NumberField extends FieldBase {
  readonly kind: 'number';
  readonly min: number;
  readonly max: number;
  /** `seconds`, for the label. */
  readonly unit?: string;
  /** What an absent value means; null: nothing. */
  readonly initial: number | null;
}

export interface SwitchField extends FieldBase {
  readonly kind: 'switch';
  readonly initial: boolean;
}

/** A list of texts, one a line. */
export interface LinesField extends FieldBase {
  readonly kind: 'lines';
  readonly maxLines: number;
  readonly maxLength: number;
  readonly placeholder?: string;
}
