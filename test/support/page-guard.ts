import type { ConsoleMessage, Page } from 'playwright-core';

/** What no page may do, seen while a test uses it. */
export class PageGuard {
  /** One line for each; empty: all is well. */
  readonly troubles: string[] = [];
  /** Breaches of the Content-Security-Policy that a test made on purpose. */
  readonly violations: string[] = [];
  readonly #origin: string;
  readonly #refusals = new Set<number>();
  #mayLose = false;
  #mayViolate = false;

  /** `origin`: the only one that requests may go to; WebSockets to any port of its host. */
  constructor(origin: string) {
    this.#origin = origin;
  }

  /** Answers with this status are part of the test: Chromium calls each an error in the console. */
  expectRefusal(status: number): void {
    this.#refusals.add(status);
  }

  /** The server goes away during the test: each request meanwhile is an error in the console. */
  expectLoss(): void {
    this.#mayLose = true;
  }

  /** The test breaks the policy itself, to see that it holds. */
  expectViolations(): void {
    this.#mayViolate = true;
  }

  /** Watches a page until it is closed. */
  watch(page: Page): void {
    page.on('console', (message) => this.#hear(message));
    page.on('pageerror', (error) => this.troubles.push(`Not caught: ${error.stack ?? error.message}`));
    page.on('request', (request) => {
      const { origin, protocol } = new URL(request.url());
      const isOurs = origin === this.#origin || protocol === 'data:' || protocol === 'blob:';
      if (!isOurs) this.troubles.push(`Request to another origin: ${request.url()}`);
    });
    page.on('websocket', (socket) => {
      const isOurs = new URL(socket.url()).hostname === new URL(this.#origin).hostname;
      if (!isOurs) this.troubles.push(`WebSocket to another host: ${socket.url()}`);
    });
  }

  #hear(message: ConsoleMessage): void {
    const text = message.text();
    const isViolation = text.includes('Content Security Policy');
    if (message.type() !== 'error' && !isViolation) return;
    if (isViolation && this.#mayViolate) {
      this.violations.push(text);
      return;
    }
    if (this.#mayLose && /net::ERR_/.test(text)) return;
    const refusal = /^Failed to load resource: the server responded with a status of (\d+)/.exec(text)?.[1];
    if (refusal !== undefined && this.#refusals.has(Number(refusal))) return;
    this.troubles.push(`Console: ${text} (${message.location().url})`);
  }
}
