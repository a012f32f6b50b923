import { randomUUID } from 'node:crypto';
import type { NotifySlot, StackDialog } from '../../ports/edge.ts';
import { type DialogUsages, dialogKey } from './dialog-usages.ts';
import { plainRequest } from './lean-request.ts';
import { silentEndText } from './request-text.ts';
import type { ServerLink } from './server-link.ts';
import { cacheOf } from './slot-cache.ts';

/** Makes drachtio-servers forget dialogs that have ended: they keep each one for ever otherwise. */
export class DialogEnds {
  readonly #usages: DialogUsages;
  readonly #linkOf: (server: string) => ServerLink | undefined;
  /** Dialogs that a server must forget once it is back. */
  readonly #debts = new Map<string, Set<string>>();

  constructor(usages: DialogUsages, linkOf: (server: string) => ServerLink | undefined) {
    this.#usages = usages;
    this.#linkOf = linkOf;
  }

  /** The subscription has ended. Its dialog is freed, unless it is already or others use it. */
  release(slot: NotifySlot, told: boolean): void {
    const { stack, dialog } = slot.record;
    if (stack === null) return;
    const key = dialogKey(stack);
    if (this.#usages.leave(key) || !this.#usages.owns(key, dialog.localTag)) return;
    const freed = cacheOf(slot).freed ?? (told && stack.inDialog);
    if (!freed) this.free(stack);
  }

  /** Frees a dialog without a sound to the phone; later, if its server is away now. */
  free({ server, dialogId }: Pick<StackDialog, 'server' | 'dialogId'>): void {
    const link = this.#linkOf(server);
    if (link?.ready) this.#send(link, dialogId);
    else if (link !== undefined) {
      const debts = this.#debts.get(server) ?? new Set<string>();
      this.#debts.set(server, debts.add(dialogId));
    }
  }

  /** The server is back. */
  restored(link: ServerLink): void {
    const debts = this.#debts.get(link.name) ?? [];
    this.#debts.delete(link.name);
    for (const dialogId of debts) this.#send(link, dialogId);
  }

  #send(link: ServerLink, dialogId: string): void {
    const text = silentEndText(dialogId, `lamplighter-${randomUUID()}`);
    // Its 481 or 408 counts for nothing, and so does a dialog that is not there.
    link.sendEnd(
      plainRequest(text, () => {}),
      dialogId,
    );
  }
}
