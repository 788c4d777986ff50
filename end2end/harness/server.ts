import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { chmodSync, existsSync } from 'node:fs';
import { mkdtemp, readFile, readdir, readlink, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** How long the binary may take until it says that it is ready: its first start makes a database. */
const READY_WITHIN_MS = 40_000;
/** How long an orderly stop may take before the test says so. */
const STOPPED_WITHIN_MS = 20_000;
/** Lines of the server's log that a failure shows. */
const LOG_LINES = 60;

/** The shipped binary on a data folder of its own, with its own PostgreSQL and Redis. */
/** One that has ended by itself since it was found needs no signal any more. */
function signalled(pid: number, signal: 'SIGSTOP' | 'SIGCONT'): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

export class Server {
  readonly #data: string;
  /** What the verb is told beyond its folder and address. */
  readonly #more: string[];
  readonly #verb: 'serve' | 'demo';
  /** What stands before the binary, to run it elsewhere. */
  readonly #inside: string[];
  readonly #host: string;
  #child: ChildProcess | undefined;
  #log: string[] = [];
  /** Chosen by the first start and kept by the next ones. */
  #port = 0;
  #mailbox = '';

  private constructor(data: string, verb: 'serve' | 'demo', more: string[], inside: string[], host: string) {
    this.#data = data;
    this.#verb = verb;
    this.#more = more;
    this.#inside = inside;
    this.#host = host;
  }

  /** Starts one on an empty folder. */
  static async start(...more: string[]): Promise<Server> {
    return Server.startInside([], '127.0.0.1', ...more);
  }

  /** Starts the demo neighbourhood. */
  static async demo(): Promise<Server> {
    return Server.#begin('demo', [], '127.0.0.1', []);
  }

  /** Starts one behind other words (`nsenter …`), listening on another address. */
  static async startInside(inside: string[], host: string, ...more: string[]): Promise<Server> {
    return Server.#begin('serve', inside, host, more);
  }

  static async #begin(verb: 'serve' | 'demo', inside: string[], host: string, more: string[]): Promise<Server> {
    const data = await mkdtemp(join(tmpdir(), 'weltgewebe-end2end-'));
    // Started by root, the services run as another user, who has to get in.
    chmodSync(data, 0o755);
    const server = new Server(join(data, 'data'), verb, more, inside, host);
    await server.startAgain();
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  get port(): number {
    return this.#port;
  }

  /** Where the letters of the embedded mailbox are read; new with each start. */
  get mailbox(): string {
    return this.#mailbox;
  }

  get log(): string {
    return this.#log.slice(-LOG_LINES).join('\n');
  }

  /** Starts it on the same folder and port. */
  async startAgain(): Promise<void> {
    const [program = '', ...words] = [...this.#inside, binary()];
    const child = spawn(
      program,
      [...words, this.#verb, '--data', this.#data, '--listen', `${this.#host}:${this.#port}`, ...this.#more],
      {
        // Not in the terminal's group: Ctrl-C reaches the runner, which stops it in order.
        detached: true,
        stdio: ['ignore', 'pipe', 'pipe'],
        env: { ...process.env, WELTGEWEBE_LIMIT_FACTOR: '1000', DATABASE_URL: undefined, REDIS_URL: undefined, BASEMAP: undefined },
      },
    );
    this.#child = child;
    await new Promise<void>((ready, failed) => {
      const timer = setTimeout(() => failed(this.#error('was not ready in time')), READY_WITHIN_MS);
      child.once('error', failed);
      child.once('exit', (code, signal) => failed(this.#error(`ended with ${code ?? signal}`)));
      const read = lines((line) => {
        this.#log.push(line);
        const letters = /\/postfach\?token=[\w-]+/.exec(line);
        if (letters) this.#mailbox = letters[0];
        const address = /ready: http:\/\/[^/]*:(\d+)\//.exec(line);
        if (address) this.#port = Number(address[1]);
        if (this.#port !== 0 && /ready: http/.test(this.#log.join('\n')) && this.#mailbox !== '') {
          clearTimeout(timer);
          ready();
        }
      });
      child.stdout?.on('data', read);
      child.stderr?.on('data', read);
    });
    child.removeAllListeners('exit');
  }

  /** Ends the process at once, as a crash or the out-of-memory killer would; its services stay behind. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  /** Asks it to stop in order, and waits until it has. */
  async stop(): Promise<void> {
    await this.#end('SIGTERM');
  }

  /** Brings a file of places in, as the host does beside the running product; answers what it said. */
  async import(file: string): Promise<string> {
    const { stdout } = await promisify(execFile)(binary(), ['import', '--data', this.#data, file], {
      env: { ...process.env, LC_ALL: 'C.UTF-8', DATABASE_URL: undefined, REDIS_URL: undefined },
    });
    return stdout;
  }

  /** Grants something, as the host does beside the running product; answers what it said. */
  async grant(...what: string[]): Promise<string> {
    const { stdout } = await promisify(execFile)(binary(), ['grant', '--data', this.#data, ...what], {
      env: { ...process.env, LC_ALL: 'C.UTF-8', DATABASE_URL: undefined, REDIS_URL: undefined },
    });
    return stdout;
  }

  /** Freezes its PostgreSQL where it stands, with all its processes, or lets them go on. */
  async signalDatabase(signal: 'SIGSTOP' | 'SIGCONT'): Promise<void> {
    const head = Number((await readFile(join(this.#data, 'postgres', 'postmaster.pid'), 'utf8')).split('\n')[0]);
    process.kill(head, signal);
    for (const pid of await this.#workingIn('postgres')) if (pid !== head) signalled(pid, signal);
  }

  /** The same with its Redis. */
  async signalRedis(signal: 'SIGSTOP' | 'SIGCONT'): Promise<void> {
    for (const pid of await this.#workingIn('redis')) signalled(pid, signal);
  }

  /** The processes of a service: each works in its folder. */
  async #workingIn(service: 'postgres' | 'redis'): Promise<number[]> {
    const folder = join(this.#data, service);
    const all = (await readdir('/proc')).map(Number).filter((pid) => pid > 0);
    const folders = await Promise.all(all.map((pid) => readlink(`/proc/${pid}/cwd`).catch(() => '')));
    return all.filter((_, n) => folders[n] === folder);
  }

  /** Stops it with all that it left behind and removes its folder. */
  async remove(): Promise<void> {
    // After a kill its services still run; the next start takes them over and stops them.
    if (!this.#child) await this.startAgain();
    await this.stop();
    await rm(join(this.#data, '..'), { recursive: true, force: true });
  }

  async #end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const child = this.#child;
    if (!child) return;
    this.#child = undefined;
    this.#mailbox = '';
    this.#log = [];
    const ended = new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => reject(this.#error(`did not stop on ${signal}`)), STOPPED_WITHIN_MS);
      child.once('exit', () => {
        clearTimeout(timer);
        resolve();
      });
    });
    child.kill(signal);
    await ended;
  }

  #error(what: string): Error {
    return new Error(`the server ${what}; it said last:\n${this.log}`);
  }
}

function binary(): string {
  const cache = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'weltgewebe');
  const target = process.env['CARGO_TARGET_DIR'] ?? join(cache, 'target');
  const path = process.env['WELTGEWEBE_BINARY'] ?? join(target, 'release', 'weltgewebe');
  if (!existsSync(path)) throw new Error(`${path} is missing; tools/build makes it`);
  return path;
}

/** Cuts a stream into lines without colours. */
function lines(each: (line: string) => void): (chunk: Buffer) => void {
  let rest = '';
  return (chunk) => {
    const parts = (rest + chunk.toString('utf8')).split('\n');
    rest = parts.pop() ?? '';
    for (const part of parts) each(part.replace(/\x1b\[[0-9;]*m/g, ''));
  };
}
