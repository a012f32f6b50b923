import { type Browser, chromium } from 'playwright-core';
import { debianProgram } from './debian-program.ts';

/** It asks nobody for anything but what a page asks for, and no page gets further than this machine. */
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1 , EXCLUDE localhost',
];

/** Starts Debian's Chromium without a window, on an empty profile that is removed when it is closed. */
export async function openChromium(): Promise<Browser> {
  const executablePath = await debianProgram('chromium', 'chromium');
  return chromium.launch({ executablePath, args: FLAGS, headless: true, timeout: 60_000 });
}
