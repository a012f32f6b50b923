import type { LampStatus } from '../presence/lamp.ts';
import type { Resource } from '../presence/resource.ts';
import type { Json } from './callflow.ts';

/** What started a run. */
export type Trigger = 'call' | 'api' | 'action' | 'schedule';

/** What the outside is asked to do for a run, one thing at a time. */
export type RunEffect =
  | {
      readonly kind: 'set-manual';
      readonly resource: Resource;
      /** `toggle` flips the manual status between idle and busy, whatever the composed lamp shows. */
      readonly status: 'idle' | 'ringing' | 'busy' | 'toggle';
      readonly note?: string;
      /** Seconds. */
      readonly expiresIn?: number;
    }
  | { readonly kind: 'read-lamp'; readonly resource: Resource }
  /** A final response to the call, if it has none yet. */
  | { readonly kind: 'respond'; readonly status: number; readonly reason?: string }
  | { readonly kind: 'redirect'; readonly uri: string }
  | { readonly kind: 'hangup' }
  | { readonly kind: 'sleep'; readonly ms: number }
  /** Handed over and not waited for: a slow web server never delays a lamp. */
  | {
      readonly kind: 'webhook';
      readonly url: string;
      readonly body: Json;
      readonly timeoutMs: number;
      readonly retries: number;
    }
  /** The flow of another callflow of the realm, read by the driver and given back as an answer. */
  | { readonly kind: 'load-callflow'; readonly id: string };

/** What came of an effect. */
export type RunAnswer =
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'lamp'; readonly status: LampStatus }
  | { readonly kind: 'manual'; readonly status: 'idle' | 'ringing' | 'busy'; readonly changed: boolean }
  | { readonly kind: 'callflow'; readonly found: boolean };

/** One block that a run has passed. */
export interface RunStep {
  readonly callflowId: string;
  readonly path: readonly string[];
  readonly module: string;
  readonly result: string;
  /** The exit taken; null at the end. */
  readonly exit: string | null;
}

/** What is kept of a run. */
export interface RunRecord {
  readonly id: string;
  readonly callflowId: string;
  readonly realm: string;
  /** ms since the epoch. */
  readonly startedAt: number;
  readonly endedAt: number;
  readonly trigger: Trigger;
  readonly number: string;
  readonly caller: string;
  readonly steps: readonly RunStep[];
  /** `ended`, `answered`, `cancelled`, `failed`, `too-long`. */
  readonly outcome: string;
}
