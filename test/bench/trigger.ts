/** A presence ID of the workload and its last change. */
export interface LampId {
  readonly id: number;
  /** Phones that watch it. */
  watchers: number;
  /** Number of the last change; 0: never changed. */
  change: number;
  busy: boolean;
  /** When the change was asked for. */
  since: number;
  /** Watchers that have been told of it. */
  told: number;
  /** The server has accepted the change. */
  accepted: boolean;
  /** The change is under way. */
  open: boolean;
}

/** How states are changed at a server. */
export interface Trigger {
  /** Asks for the state that `lamp` has now; `accepted` is called at the answer. */
  change(lamp: LampId): void;
  /** Asks again where an answer is overdue. */
  repeat(): void;
  close(): void;
}

/** What a trigger tells. */
export interface TriggerHandlers {
  accepted(lamp: LampId): void;
  refused(lamp: LampId, answer: string): void;
  repeated(): void;
}
