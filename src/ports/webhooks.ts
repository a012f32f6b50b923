import type { Json } from '../callflow/callflow.ts';

/** One HTTP POST that a callflow asks for. */
export interface Webhook {
  readonly url: string;
  readonly body: Json;
  /** Of each try, in ms. */
  readonly timeoutMs: number;
  /** Tries after the first. */
  readonly retries: number;
}

/** Posts to the outside. Only public addresses or ones that the operator allows are called, checked after name resolution. */
export interface Webhooks {
  /** Takes the hook over and returns at once; how it ended is logged and counted. */
  post(hook: Webhook): void;
}
