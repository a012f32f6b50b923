import { defineConfig } from 'vitest/config';

/** One project per kind of test; the files mirror `src`, the kinds are folders of `test`. */
const project = (name: string, testTimeout: number, maxConcurrency = 5) => ({
  test: { name, include: [`test/${name}/**/*.test.ts`], testTimeout, maxConcurrency, hookTimeout: 60_000 },
});

/** Chromium wants the machine for itself: apart from all others, one file after the other. */
const BROWSER = {
  test: {
    ...project('browser', 120_000, 1).test,
    globalSetup: 'test/support/built-page.ts',
    fileParallelism: false,
    sequence: { groupOrder: 1 },
  },
};

/** 2,000 phones and a load want the machine for themselves, too: one fault after the other, apart from all others. */
const FAULTS = {
  test: {
    ...project('faults', 180_000, 1).test,
    fileParallelism: false,
    sequence: { groupOrder: 2 },
  },
};

export default defineConfig({
  test: {
    projects: [
      // Properties are tried on hundreds of values: on a busy machine that takes its time.
      project('unit', 60_000),
      project('contract', 60_000),
      // RFC by RFC: what is on the wire, through both edges.
      project('rfc', 60_000, 10),
      // Hostile input, a short run of `npm run fuzz`.
      project('fuzz', 60_000),
      project('integration', 60_000),
      // Most of them wait, some for 40 s.
      project('e2e', 120_000, 8),
      BROWSER,
      FAULTS,
    ],
  },
});
