#!/usr/bin/env node
// Plain JavaScript, because the Node that runs it may be too old for the sources: then it hands over to the
// Node 24 that npm installed beside them.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const NEEDED = 24;

if (Number.parseInt(process.versions.node, 10) >= NEEDED) {
  const { runCli, terminalIo } = await import('../src/cli.ts');
  process.exitCode = await runCli(process.argv.slice(2), terminalIo());
} else {
  handOver(fileURLToPath(new URL('../node_modules/.bin/node', import.meta.url)));
}

function handOver(node) {
  if (!existsSync(node)) {
    process.exitCode = 1;
    console.error(
      `Cannot run under Node ${process.versions.node}: it must be ${NEEDED} or newer, or installed here by "npm ci"`,
    );
    return;
  }
  const child = spawn(node, process.argv.slice(1), { stdio: 'inherit' });
  // A terminal sends Ctrl-C to both; this one only waits for the child to end by it.
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  child.on('exit', (code) => {
    process.exitCode = code ?? 1;
  });
}
