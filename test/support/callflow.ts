import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunWorld } from '../../src/callflow/action.ts';
import type { Callflow, FlowNode, Json } from '../../src/callflow/callflow.ts';
import { parseCallflow } from '../../src/callflow/document.ts';
import { answerEffect, nextEffect, type Run, type RunInput, startRun } from '../../src/callflow/engine.ts';
import type { RunAnswer, RunEffect } from '../../src/callflow/run.ts';
import { createPatternCompiler } from '../../src/pattern-compiler.ts';
import { zoneClock } from '../../src/zone-clock.ts';

/** 2026-07-01 12:00 UTC, a Wednesday. */
export const NOON = Date.UTC(2026, 6, 1, 12);

/** The functions of the process itself: real time zones, and patterns in linear time. */
export const zoneTime = zoneClock;
export const compile = createPatternCompiler();

export const WORLD: RunWorld = { zoneTime, compile, grantedRealms: [] };

/** A callflow of the realm `acme.example`. */
export function callflowWith(patch: Partial<Callflow> = {}): Callflow {
  return {
    id: 'flow1',
    name: 'Flow',
    realm: 'acme.example',
    numbers: ['*30'],
    patterns: [],
    seat: null,
    flow: null,
    schedule: [],
    rest: {},
    rev: 1,
    ...patch,
  };
}

export function node(
  module: string,
  data: Readonly<Record<string, Json>> = {},
  children: Readonly<Record<string, FlowNode>> = {},
): FlowNode {
  return { module, data, children };
}

/** The callflow of a document that must be taken. */
export function parsed(json: unknown, id = 'flow1'): Callflow {
  const result = parseCallflow(json, { realm: 'acme.example', id, rev: 1 });
  if (result.kind === 'refused') throw new Error(JSON.stringify(result.problems));
  return result.callflow;
}

/** A JSON file below the root of the repository. */
export function readJson(path: string): Json {
  return JSON.parse(readFileSync(join(import.meta.dirname, '../..', path), 'utf8')) as Json;
}

export interface Driven {
  readonly run: Run;
  readonly effects: readonly RunEffect[];
}

export interface DriveOptions {
  readonly input?: Partial<RunInput>;
  /** Absent or null: what a willing outside answers. */
  readonly answer?: (effect: RunEffect) => RunAnswer | null;
  readonly others?: readonly Callflow[];
}

/** Runs a callflow to its end. Time stands still but for sleeps. */
export function drive(callflow: Callflow, { input = {}, answer, others = [] }: DriveOptions = {}): Driven {
  const call = { id: 'run1', trigger: 'call', number: '*30', caller: '1001' } as const;
  let run = startRun(callflow, { ...call, capture: null, variables: {}, now: NOON, world: WORLD, ...input });
  const effects: RunEffect[] = [];
  for (;;) {
    const next = nextEffect(run);
    if (next.effect === null) return { run: next.run, effects };
    const { effect } = next;
    effects.push(effect);
    const loaded = effect.kind === 'load-callflow' ? others.find(({ id }) => id === effect.id) : undefined;
    const now = next.run.now + (effect.kind === 'sleep' ? effect.ms : 0);
    run = answerEffect(next.run, answer?.(effect) ?? willing(effect, loaded), { now, loaded });
  }
}

function willing(effect: RunEffect, loaded: Callflow | undefined): RunAnswer {
  switch (effect.kind) {
    case 'set-manual':
      return { kind: 'manual', status: effect.status === 'toggle' ? 'busy' : effect.status, changed: true };
    case 'read-lamp':
      return { kind: 'lamp', status: 'idle' };
    case 'load-callflow':
      return { kind: 'callflow', found: loaded !== undefined };
    default:
      return { kind: 'done' };
  }
}
