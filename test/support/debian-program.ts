import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
/** How long another installation may hold the lock, in seconds. */
const LOCK_SECONDS = 180;

/**
 * The path of a program that tests need and npm does not have. Installs its Debian package where that can be done
 * (and says so before); elsewhere throws one line that says what to install.
 */
export async function debianProgram(program: string, debianPackage: string): Promise<string> {
  const found = onPath(program) ?? (await installed(program, debianPackage));
  if (found === null) {
    throw new Error(`Cannot test with ${program}: install it (on Debian: apt-get install ${debianPackage})`);
  }
  return found;
}

function onPath(program: string): string | null {
  const places = (process.env.PATH ?? '').split(delimiter).map((place) => join(place, program));
  return places.find((place) => existsSync(place)) ?? null;
}

async function installed(program: string, debianPackage: string): Promise<string | null> {
  if (!existsSync('/etc/debian_version') || process.getuid?.() !== 0) return null;
  console.log(
    `Tests need ${program}: installing ${debianPackage} from Debian (apt-get install ${debianPackage})`,
  );
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const lock = ['-qq', '-o', `DPkg::Lock::Timeout=${LOCK_SECONDS}`];
  try {
    await run('apt-get', ['update', ...lock], { env });
    await run('apt-get', ['install', '-y', '--no-install-recommends', ...lock, debianPackage], { env });
  } catch {
    return null;
  }
  return onPath(program);
}
