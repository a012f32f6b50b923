import { type FormEvent, type ReactNode, useId, useLayoutEffect, useRef } from 'react';
import { Icon } from './icon.tsx';

const FIRST =
  '.window-body :is(input:not([type=radio]), select, textarea, input:checked), .window-body:not(:has(input, select, textarea)) + .window-foot button';

interface WindowProps {
  readonly title: string;
  readonly icon?: ReactNode;
  readonly onClose: () => void;
  /** Enter in a field, or the main button. */
  readonly onSubmit?: () => void;
  readonly footer: ReactNode;
  readonly children: ReactNode;
  readonly isWide?: boolean;
  readonly role?: 'alertdialog';
}

/** A modal window. The browser keeps the focus inside and gives it back afterwards; Escape closes. */
export function Window(props: WindowProps) {
  const { title, icon, onClose, onSubmit, footer, children, isWide, role } = props;
  const ref = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useLayoutEffect(() => {
    const dialog = ref.current;
    dialog?.showModal();
    // The first thing to fill in, or the careful answer: not the button that closes.
    dialog?.querySelector<HTMLElement>(FIRST)?.focus();
    // Closed before it is taken out of the page: only then the focus goes back to where it was.
    return () => dialog?.close();
  }, []);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    event.stopPropagation();
    onSubmit?.();
  };
  return (
    <dialog
      ref={ref}
      className={isWide ? 'window window-wide' : 'window'}
      aria-labelledby={titleId}
      role={role}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      // Keys are not meant for the diagram behind the window.
      onKeyDown={(event) => event.stopPropagation()}
    >
      <form onSubmit={submit} noValidate>
        <header className="window-head">
          {icon}
          <h2 id={titleId}>{title}</h2>
          <button type="button" className="icon-button" aria-label="Close" onClick={onClose}>
            <Icon name="close" />
          </button>
        </header>
        <div className="window-body">{children}</div>
        <footer className="window-foot">{footer}</footer>
      </form>
    </dialog>
  );
}
