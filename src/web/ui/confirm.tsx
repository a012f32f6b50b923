import { createContext, type ReactNode, useCallback, useContext, useState } from 'react';
import { Window } from './window.tsx';

/** A question before something that cannot be taken back. */
export interface Question {
  readonly title: string;
  readonly text: string;
  /** The button that says yes, a verb: `Delete callflow`. */
  readonly yes: string;
  readonly no?: string;
  readonly isDanger?: boolean;
}

type Ask = (question: Question) => Promise<boolean>;

const ConfirmContext = createContext<Ask>(() => Promise.resolve(false));

/** Asks a question in a window; resolves to true for yes. */
export function useConfirm(): Ask {
  return useContext(ConfirmContext);
}

/** Where questions appear. */
export function ConfirmProvider({ children }: { readonly children: ReactNode }) {
  const [asked, setAsked] = useState<{ question: Question; answer: (yes: boolean) => void } | null>(null);
  const ask = useCallback<Ask>((question) => {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    setAsked({ question, answer: resolve });
    return promise;
  }, []);
  const answer = (yes: boolean) => {
    asked?.answer(yes);
    setAsked(null);
  };
  return (
    <ConfirmContext value={ask}>
      {children}
      {asked !== null && <ConfirmWindow question={asked.question} answer={answer} />}
    </ConfirmContext>
  );
}

function ConfirmWindow({ question, answer }: { question: Question; answer: (yes: boolean) => void }) {
  const { title, text, yes, no = 'Go back', isDanger = false } = question;
  const footer = (
    <>
      <button type="button" className="button" onClick={() => answer(false)}>
        {no}
      </button>
      <button type="submit" className={isDanger ? 'button danger' : 'button primary'}>
        {yes}
      </button>
    </>
  );
  return (
    <Window
      title={title}
      role="alertdialog"
      onClose={() => answer(false)}
      onSubmit={() => answer(true)}
      footer={footer}
    >
      <p>{text}</p>
    </Window>
  );
}
