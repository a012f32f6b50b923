/**
 * What this process has seen of dialogs that more than one subscription uses, or used. drachtio-server keeps one
 * dialog for each Call-ID and From tag and counts no usages in it: the first `terminated` NOTIFY frees it for all.
 * Keys are those of `dialogKey`. Only the uncommon dialogs are kept here.
 */
export class DialogUsages {
  readonly #shared = new Map<string, number>();
  readonly #heirs = new Map<string, string | null>();
  readonly #astray = new Set<string>();

  /** One more subscription uses a dialog that exists (RFC 6665 §4.5.2). */
  share(key: string): void {
    this.#shared.set(key, (this.#shared.get(key) ?? 1) + 1);
  }

  /** True while other subscriptions use the dialog too. */
  isShared(key: string): boolean {
    return this.#shared.has(key);
  }

  /** One subscription less. True if others still use the dialog. */
  leave(key: string): boolean {
    this.#astray.delete(key);
    const users = this.#shared.get(key);
    if (users === undefined) return false;
    if (users > 2) this.#shared.set(key, users - 1);
    else this.#shared.delete(key);
    return true;
  }

  /** NOTIFYs of this dialog do not find the phone any more: it must make a new one. */
  goAstray(key: string): void {
    this.#astray.add(key);
  }

  /** True once if the dialog went astray. */
  takeAstray(key: string): boolean {
    return this.#astray.delete(key);
  }

  /** The name of a dialog will be used again by another one: what the old subscriptions do must not touch it. */
  abandon(key: string): void {
    this.#heirs.set(key, null);
    this.#shared.delete(key);
  }

  /** A new dialog was formed with this tag of ours. */
  form(key: string, localTag: string): void {
    if (this.#heirs.has(key)) this.#heirs.set(key, localTag);
  }

  /** False if the dialog that drachtio-server keeps under this name is not the one with this tag of ours. */
  owns(key: string, localTag: string): boolean {
    const heir = this.#heirs.get(key);
    return heir === undefined || heir === localTag;
  }
}

/** The name of a dialog among several drachtio-servers. */
export function dialogKey({
  server,
  dialogId,
}: {
  readonly server: string;
  readonly dialogId: string;
}): string {
  return `${server} ${dialogId}`;
}
