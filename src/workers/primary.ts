import cluster from 'node:cluster';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import { probeUdp } from '../edge/embedded/probe-udp.ts';
import { Fault } from '../errors.ts';
import { createLog } from '../log.ts';
import { welcome } from '../welcome.ts';
import { type Exit, Member } from './member.ts';
import type { ToPrimary, ToWorker, WorkerUp } from './message.ts';
import { Questions } from './questions.ts';

const LOOK_MS = 1_000;

/**
 * Runs several processes that share the ports of this machine, until SIGTERM or SIGINT. Rejects with the Fault of the first
 * that cannot start, or when another process has taken the name of one; all have ended by then.
 */
export async function runWorkers(config: Config): Promise<void> {
  const udpPort = config.sip.udp ? await probeUdp(config.sip.port) : 0;
  cluster.setupPrimary({ exec: join(import.meta.dirname, 'worker.ts'), args: [] });
  const crew = new CrewOfMachine(config, udpPort);
  const stop = () => crew.stop(null);
  const reload = () => crew.sayToAll({ kind: 'reload' });
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  // Without a certificate, a terminal that is closed ends the process as ever.
  if (config.sip.tlsCertificate !== '') process.on('SIGHUP', reload);
  try {
    await crew.run((up) => console.log(welcome(config, up).join('\n')));
  } finally {
    process.off('SIGTERM', stop);
    process.off('SIGINT', stop);
    process.off('SIGHUP', reload);
  }
}

/** All workers of this machine. */
class CrewOfMachine {
  readonly #members: readonly Member[];
  readonly #log: Logger;
  readonly #questions = new Questions((ms, task) => {
    const timer = setTimeout(task, ms);
    return () => clearTimeout(timer);
  });
  readonly #ended = Promise.withResolvers<void>();
  #opened: ((up: WorkerUp) => void) | null = null;
  #stopping = false;
  #fault: Fault | null = null;

  constructor(config: Config, udpPort: number) {
    const secret = randomBytes(16).toString('hex');
    const shared = { config, udpPort, secret };
    this.#log = createLog({ level: config.logLevel }).server;
    this.#members = Array.from(
      { length: config.workers },
      (_, index) =>
        new Member({
          orders: { ...shared, worker: index + 1 },
          said: (member, message) => this.#hear(member, message),
          turned: (member, exit) => this.#turned(member, exit),
        }),
    );
  }

  /** Runs all until `stop`; `opened` is told once, when all are up for the first time. */
  async run(opened: (up: WorkerUp) => void): Promise<void> {
    this.#opened = opened;
    const looking = setInterval(() => {
      for (const member of this.#members) member.look();
    }, LOOK_MS);
    for (const member of this.#members) member.start();
    await this.#ended.promise;
    clearInterval(looking);
    if (this.#fault !== null) throw this.#fault;
  }

  /**
   * Ends all at once: each keeps its subscriptions, and takes them up when it starts again. One after the other would hand all
   * of them to the last.
   */
  stop(fault: Fault | null): void {
    this.#fault ??= this.#stopping ? null : fault;
    this.#stopping = true;
    for (const member of this.#members) member.stop();
  }

  sayToAll(message: ToWorker): void {
    for (const member of this.#members) member.say(message);
  }

  #hear(member: Member, message: ToPrimary): void {
    switch (message.kind) {
      case 'alive':
      case 'up':
        break;
      case 'lane':
        this.#tellLanes();
        break;
      case 'fault':
        this.#failed(member, new Fault(message.code, message.message));
        break;
      case 'ask':
        this.#ask(member, message);
        break;
      case 'answer':
        this.#questions.answer(message.id, member.number, message.answer);
        break;
    }
  }

  /** What keeps one from starting at first keeps all; later the others go on, unless their names are taken. */
  #failed(member: Member, fault: Fault): void {
    if (this.#opened !== null || fault.code === 'NODE_ID_TAKEN') this.stop(fault);
    else this.#log.error({ worker: member.number, code: fault.code }, fault.message);
  }

  #turned(member: Member, exit: Exit | null): void {
    if (exit !== null) this.#exited(member, exit);
    if (this.#members.every(({ state }) => state === 'gone')) this.#ended.resolve();
    if (this.#opened !== null && this.#members.every(({ state }) => state === 'up')) {
      this.#opened(this.#allUp());
      this.#opened = null;
    }
  }

  #exited(member: Member, exit: Exit): void {
    this.#tellLanes();
    if (this.#stopping) return;
    const { number } = member;
    if (this.#opened === null)
      this.#log.error({ worker: number, ...exit }, 'A worker has ended, another one follows');
    else {
      const how = exit.signal ?? `code ${exit.code}`;
      this.stop(new Fault('INTERNAL', `Cannot start worker ${number}: its process has ended with ${how}`));
    }
  }

  #allUp(): WorkerUp {
    const ups = this.#members.flatMap(({ up }) => up ?? []);
    const [first] = ups;
    if (first === undefined) throw new Fault('INTERNAL', 'Cannot tell what is open: no worker is up');
    return { ...first, takenUp: ups.reduce((sum, { takenUp }) => sum + takenUp, 0) };
  }

  #tellLanes(): void {
    const lanes = this.#members.flatMap(({ number, lane }) => (lane === null ? [] : [[number, lane]]));
    this.sayToAll({ kind: 'lanes', ports: Object.fromEntries(lanes) });
  }

  #ask(member: Member, { id, question }: Extract<ToPrimary, { readonly kind: 'ask' }>): void {
    const crew = this.#members.map(({ number }) => number);
    const put = this.#questions.open(crew, (answers) => member.say({ kind: 'answers', id, answers }));
    this.sayToAll({ kind: 'question', id: put, question });
  }
}
