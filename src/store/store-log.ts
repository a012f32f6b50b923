/** Where a store says what an operator should know. */
export interface StoreLog {
  info(message: string): void;
  warn(message: string): void;
}

/** Says nothing. */
export const SILENT: StoreLog = { info: () => undefined, warn: () => undefined };
