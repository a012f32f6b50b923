import { type ReactNode, useId } from 'react';

interface LabelledProps {
  readonly label: string;
  readonly help?: string;
  readonly fault?: string | null;
  /** Draws the input with what binds it to its label, help and fault. */
  readonly children: (bound: {
    readonly id: string;
    readonly 'aria-describedby': string;
    readonly 'aria-invalid': boolean;
  }) => ReactNode;
}

/** An input with its label above, and its fault or its help below. */
export function Labelled({ label, help, fault = null, children }: LabelledProps) {
  const id = useId();
  const helpId = `${id}-help`;
  return (
    <div className="field">
      <label className="field-label" htmlFor={id}>
        {label}
      </label>
      {children({ id, 'aria-describedby': helpId, 'aria-invalid': fault !== null })}
      <div id={helpId}>
        {fault !== null && (
          <p className="fault-text" role="alert">
            {fault}
          </p>
        )}
        {help !== undefined && <small>{help}</small>}
      </div>
    </div>
  );
}
