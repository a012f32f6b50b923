import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { Agent } from './agent-process.ts';

/** One end of a cable: a device in a namespace, with an address and the length of its prefix if it has one. */
export interface End {
  readonly space: string;
  readonly device: string;
  readonly address?: string;
}

/** Network namespaces of a test, joined by cables (veth). All of it is gone when it is disposed of. */
export class Network implements AsyncDisposable {
  /** Names are the machine's: two tests must not meet. */
  readonly #tag = randomBytes(3).toString('hex');
  readonly #opened = new AsyncDisposableStack();

  /** Why this machine gives a test no namespaces, in a few words; null: it does. */
  static missing(): string | null {
    const network = new Network();
    try {
      network.space('probe');
      network.cable({ space: 'probe', device: 'a' }, { space: 'probe', device: 'b' });
      return null;
    } catch {
      return 'ip (iproute2), or leave to make network namespaces and veth';
    } finally {
      network.#removeAll();
    }
  }

  readonly #spaces: string[] = [];

  /** Makes a namespace, with its loopback up. */
  space(name: string): void {
    ip('netns', 'add', this.#nameOf(name));
    this.#spaces.push(name);
    this.ip(name, 'link', 'set', 'lo', 'up');
  }

  /** Lays a cable between two namespaces. */
  cable(one: End, other: End): void {
    const [name, peer] = [this.#nameOf(one.space), this.#nameOf(other.space)];
    const first = ['link', 'add', 'name', one.device, 'netns', name, 'type', 'veth'];
    ip(...first, 'peer', 'name', other.device, 'netns', peer);
    for (const { space, device, address } of [one, other]) {
      if (address !== undefined) this.ip(space, 'addr', 'add', address, 'dev', device);
      this.ip(space, 'link', 'set', 'dev', device, 'up');
    }
  }

  /** Runs `ip` for a namespace. */
  ip(space: string, ...args: readonly string[]): void {
    ip('-n', this.#nameOf(space), ...args);
  }

  /** Runs a program in a namespace; throws what it said. */
  run(space: string, ...command: readonly string[]): void {
    ip('netns', 'exec', this.#nameOf(space), ...command);
  }

  /** Sets a kernel parameter of a namespace, such as `ipv4.ip_forward`. */
  set(space: string, parameter: string, value: number): void {
    const file = `/proc/sys/net/${parameter.replaceAll('.', '/')}`;
    this.run(space, 'sh', '-c', `echo ${value} > ${file}`);
  }

  /** Starts an agent in a namespace, who runs servers and phones there. */
  agent(space: string): Agent {
    return this.#opened.use(new Agent(this.#nameOf(space)));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#opened.disposeAsync();
    this.#removeAll();
  }

  #removeAll(): void {
    for (const space of this.#spaces.splice(0)) ip('netns', 'del', this.#nameOf(space));
  }

  #nameOf(space: string): string {
    return `lamp-${this.#tag}-${space}`;
  }
}

function ip(...args: readonly string[]): void {
  execFileSync('ip', args, { stdio: ['ignore', 'ignore', 'pipe'] });
}
