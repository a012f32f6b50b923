import { execFile, spawn } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import type { StartedTestContainer } from 'testcontainers';

const run = promisify(execFile);

/** The image that is used when there is a container runtime but no server on this machine. */
const IMAGE = 'redis:7';

/** A running server; `kill` ends it like a power cut, and resolves when it is gone. */
export interface Launched {
  /** Its process on this machine; null in a container. */
  readonly pid: number | null;
  kill(): Promise<void>;
}

/** A way to run Redis servers on this machine. */
export interface Launcher {
  /** For people: what runs. */
  readonly name: string;
  /** The program, or null for a container. */
  readonly binary: string | null;
  /** Starts a server with these arguments. It listens on loopback and may write in `dir`. */
  launch(args: readonly string[], dir: string): Promise<Launched>;
}

/**
 * The first way that works: REDIS_SERVER_BIN, redis-server or valkey-server on PATH, a container, Debian's package.
 * Throws one line that says what to install.
 */
export async function findLauncher(): Promise<Launcher> {
  const binary = process.env.REDIS_SERVER_BIN || onPath('redis-server') || onPath('valkey-server');
  if (binary) return binaryLauncher(binary);
  return (await containerLauncher()) ?? (await debianLauncher()) ?? fail();
}

function onPath(program: string): string | null {
  const places = (process.env.PATH ?? '').split(delimiter).map((place) => join(place, program));
  return places.find(isExecutable) ?? null;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function binaryLauncher(binary: string): Launcher {
  return {
    name: binary,
    binary,
    launch: async (args, dir) => {
      const child = spawn(binary, args, { cwd: dir, stdio: 'ignore' });
      const gone = new Promise<void>((resolve) =>
        child.once('exit', () => resolve()).once('error', () => resolve()),
      );
      // A test run that breaks off leaves no server behind.
      const onExit = () => child.kill('SIGKILL');
      process.once('exit', onExit);
      return {
        pid: child.pid ?? null,
        kill: async () => {
          process.off('exit', onExit);
          child.kill('SIGKILL');
          await gone;
        },
      };
    },
  };
}

/**
 * Null when there is no container runtime, or no way to the image. The container shares the host's network, so that
 * its ports are the same, and runs as we do, so that we can remove its files.
 */
async function containerLauncher(): Promise<Launcher | null> {
  const { getContainerRuntimeClient, ImageName } = await import('testcontainers');
  const image = ImageName.fromString(IMAGE);
  try {
    const client = await getContainerRuntimeClient();
    if (!(await client.image.exists(image))) await client.image.pull(image);
    // Testcontainers' own image may be out of reach where this one is not: one start tells.
    const probe = await launchContainer(['--port', '0'], tmpdir());
    await probe.kill();
  } catch {
    return null;
  }
  return { name: `container ${IMAGE}`, binary: null, launch: launchContainer };
}

async function launchContainer(args: readonly string[], dir: string): Promise<Launched> {
  const { GenericContainer } = await import('testcontainers');
  const container: StartedTestContainer = await new GenericContainer(IMAGE)
    .withNetworkMode('host')
    .withUser(`${process.getuid?.() ?? 0}:${process.getgid?.() ?? 0}`)
    .withBindMounts([{ source: dir, target: dir }])
    .withWorkingDir(dir)
    .withCommand(['redis-server', ...args])
    .start();
  return {
    pid: null,
    kill: async () => {
      await container.stop({ timeout: 0 });
    },
  };
}

/** Installs Debian's package; null where that cannot be done. */
async function debianLauncher(): Promise<Launcher | null> {
  if (!existsSync('/etc/debian_version') || process.getuid?.() !== 0) return null;
  console.log('Tests need a Redis: installing redis-server from Debian (apt-get install redis-server)');
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await run('apt-get', ['update', '-qq'], { env });
  await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'redis-server'], { env });
  const binary = onPath('redis-server');
  return binary === null ? null : binaryLauncher(binary);
}

function fail(): never {
  throw new Error(
    'Cannot test with Redis: install redis-server or valkey-server, or start a container runtime, or set REDIS_URL and REDIS_SERVER_BIN',
  );
}
