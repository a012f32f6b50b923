import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { openChromium } from './chromium.ts';
import { Configurator } from './configurator.ts';
import { type LamplighterProcess, type Settings, startLamplighter } from './lamplighter-process.ts';
import { PageGuard } from './page-guard.ts';
import { openPhone, type Phone, randomToken } from './phone.ts';

/** How long anything in a page may take on a busy machine, in ms. */
const PATIENCE_MS = 20_000;

/**
 * A Lamplighter and a Chromium for the tests of a file. Each test that asks for a page gets new ones, and fails when
 * one of them wrote an error to the console, broke the policy, or asked another origin for anything.
 */
export function openStage(settings: Settings = {}): BrowserStage {
  const stage = new BrowserStage();
  beforeAll(() => stage.open(settings), 120_000);
  afterEach(() => stage.clear());
  afterAll(() => stage.close());
  return stage;
}

/** What `openStage` gives; usable within tests. */
export class BrowserStage {
  readonly #all = new AsyncDisposableStack();
  #each = new AsyncDisposableStack();
  #lamplighter: LamplighterProcess | null = null;
  #browser: Browser | null = null;
  #guard: PageGuard | null = null;

  get lamplighter(): LamplighterProcess {
    if (this.#lamplighter === null) throw new Error('The stage is not open');
    return this.#lamplighter;
  }

  get origin(): string {
    return `http://127.0.0.1:${this.lamplighter.settings.LAMPLIGHTER_HTTP_PORT}`;
  }

  /** What the pages of this test must not do. */
  get guard(): PageGuard {
    this.#guard ??= new PageGuard(this.origin);
    return this.#guard;
  }

  async open(settings: Settings): Promise<void> {
    this.#lamplighter = this.#all.use(await startLamplighter(settings));
    const browser = await openChromium();
    this.#all.defer(() => browser.close());
    this.#browser = browser;
  }

  /** A person with a browser of their own: nothing is shared with the others. */
  async person(options: BrowserContextOptions = {}): Promise<BrowserContext> {
    if (this.#browser === null) throw new Error('The stage is not open');
    const context = await this.#browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
    context.setDefaultTimeout(PATIENCE_MS);
    this.#each.defer(() => context.close());
    return context;
  }

  /** A tab that shows nothing yet. */
  async tab(context?: BrowserContext): Promise<Page> {
    const page = await (context ?? (await this.person())).newPage();
    this.guard.watch(page);
    return page;
  }

  /** The callflows of a realm, in a tab of its own. */
  async configurator(realm: string, context?: BrowserContext): Promise<Configurator> {
    const page = await this.tab(context);
    const configurator = new Configurator(page, { origin: this.origin, realm });
    await configurator.open();
    return configurator;
  }

  /** A desk phone on UDP. */
  async phone(): Promise<Phone> {
    const phone = await openPhone({ transport: 'udp', server: this.lamplighter.place('udp') });
    this.#each.defer(() => phone.close());
    return phone;
  }

  /** Ends what the test opened; throws what its pages did wrong. */
  async clear(): Promise<void> {
    const troubles = this.#guard?.troubles ?? [];
    this.#guard = null;
    const each = this.#each;
    this.#each = new AsyncDisposableStack();
    await each.disposeAsync();
    expect(troubles).toEqual([]);
  }

  close(): Promise<void> {
    return this.#all.disposeAsync();
  }
}

/** A realm that nobody has used yet. */
export function freshRealm(): string {
  return `${randomToken()}.example`;
}
