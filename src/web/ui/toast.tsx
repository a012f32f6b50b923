import { createContext, type ReactNode, useCallback, useContext, useRef, useState } from 'react';
import { Icon } from './icon.tsx';

/** A short message that goes away by itself. */
export interface Toast {
  readonly text: string;
  readonly isFault?: boolean;
  readonly action?: { readonly label: string; readonly run: () => void };
}

type Say = (toast: Toast) => void;

const ToastContext = createContext<Say>(() => undefined);

const SHOWN_MS = 6000;

/** Says something for a few seconds; a new message takes the place of the one before. */
export function useToast(): Say {
  return useContext(ToastContext);
}

/** Where messages appear; screen readers hear them too. */
export function ToastProvider({ children }: { readonly children: ReactNode }) {
  const [toast, setToast] = useState<Toast | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const say = useCallback<Say>((next) => {
    clearTimeout(timer.current);
    setToast(next);
    timer.current = setTimeout(() => setToast(null), next.isFault ? SHOWN_MS * 2 : SHOWN_MS);
  }, []);
  return (
    <ToastContext value={say}>
      {children}
      <output className="toasts" aria-live="polite">
        {toast !== null && <ToastCard toast={toast} onClose={() => setToast(null)} />}
      </output>
    </ToastContext>
  );
}

function ToastCard({ toast, onClose }: { toast: Toast; onClose: () => void }) {
  const { text, isFault, action } = toast;
  const act = () => {
    action?.run();
    onClose();
  };
  return (
    <div className={isFault ? 'toast fault' : 'toast'}>
      <Icon name={isFault ? 'alert' : 'check'} />
      <span>{text}</span>
      {action && (
        <button type="button" className="link" onClick={act}>
          {action.label}
        </button>
      )}
      <button type="button" className="icon-button" aria-label="Dismiss" onClick={onClose}>
        <Icon name="close" size={14} />
      </button>
    </div>
  );
}
