import { useCallback, useEffect, useState } from 'react';
import { actionOf } from '../../callflow/catalog.ts';
import type { RunRecord } from '../../callflow/run.ts';
import { failureText } from '../api.ts';
import { startedBy } from '../model/run-path.ts';
import { useRealm } from '../state/realm.tsx';
import { useSession } from '../state/session.tsx';
import { Icon } from '../ui/icon.tsx';
import { Lamp, lampWord } from '../ui/lamp.tsx';
import { useDesk } from './desk.ts';

const EVERY_MS = 5000;

/** The newest runs; choosing one shows its path on the diagram. */
export function RunList() {
  const { shownRun, showRun, editor } = useDesk();
  const { runs, fault } = useRuns(editor.id, shownRun?.run.id ?? null);
  if (fault !== null) return <p className="fault-text pad">{fault}</p>;
  if (runs === null) return <p className="muted pad">Reading…</p>;
  if (runs.length === 0) return <p className="muted pad">It has not run yet</p>;
  return (
    <div className="runs">
      <ul className="rows" aria-label="Runs">
        {runs.map((run) => (
          <li key={run.id}>
            <button
              type="button"
              className="row"
              aria-pressed={shownRun?.run.id === run.id}
              onClick={() => showRun(shownRun?.run.id === run.id ? null : { run, lamps: [] })}
            >
              <span className={`outcome outcome-${run.outcome}`}>{run.outcome}</span>
              <span className="row-text">{startedBy(run)}</span>
              <time className="row-place" dateTime={new Date(run.startedAt).toISOString()}>
                {new Date(run.startedAt).toLocaleString()}
              </time>
            </button>
          </li>
        ))}
      </ul>
      {shownRun !== null && <RunDetail />}
    </div>
  );
}

function RunDetail() {
  const { shownRun, showRun } = useDesk();
  if (shownRun === null) return null;
  const { run, lamps } = shownRun;
  return (
    <section className="run-detail" aria-label="Path of the run">
      <header>
        <strong>Path taken</strong>
        <button type="button" className="link" onClick={() => showRun(null)}>
          Hide
        </button>
      </header>
      <ol>
        {run.steps.map((step, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a run may pass a block twice, and its steps never change
          <li key={index}>
            <b>{actionOf(step.module)?.title ?? step.module}</b> {step.result}
          </li>
        ))}
      </ol>
      {lamps.length > 0 && (
        <p className="moved" role="status">
          <Icon name="lamp" size={14} /> Lamps moved:
          {lamps.map(({ id, status }) => (
            <span className="chip" key={id}>
              <Lamp status={status} /> {id} {lampWord(status)}
            </span>
          ))}
        </p>
      )}
    </section>
  );
}

function useRuns(id: string, newest: string | null) {
  const { api } = useSession();
  const { realm } = useRealm();
  const [runs, setRuns] = useState<readonly RunRecord[] | null>(null);
  const [fault, setFault] = useState<string | null>(null);
  const read = useCallback(async () => {
    const answer = await api.runs(realm, id);
    setFault(answer.kind === 'ok' ? null : failureText(answer));
    if (answer.kind === 'ok') setRuns(answer.value.runs);
  }, [api, realm, id]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new run is in the list
  useEffect(() => {
    void read();
    const timer = setInterval(() => void read(), EVERY_MS);
    return () => clearInterval(timer);
  }, [read, newest]);
  return { runs, fault };
}
