import { type ChildProcess, spawn } from 'node:child_process';
import { chmod, writeFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';

/** Longer than its test lasts; then it ends by itself, whatever became of the test. */
const LASTS_S = 600;
const asRoot = process.getuid?.() === 0;

/** A network of its own, with an address beyond loopback that nothing outside can reach. */
export class Network {
  readonly address = '10.77.0.1';
  readonly #holder: ChildProcess;

  private constructor(holder: ChildProcess) {
    this.#holder = holder;
  }

  /** Makes one; answers why not where the system doesn't let this user (inside a chroot, for example). */
  static async make(): Promise<Network | string> {
    const who = asRoot ? [] : ['--user', '--map-current-user', '--keep-caps'];
    // With loopback alone browsers say that they are offline: a cable with both ends in it is a network to them.
    const script = [
      'ip link set lo up',
      'ip link add home0 type veth peer name home1',
      'ip address add 10.77.0.1/24 dev home0',
      'ip link set home0 up',
      'ip link set home1 up',
      'echo made',
      `exec sleep ${LASTS_S}`,
    ].join(' && ');
    const holder = spawn('unshare', [...who, '--net', 'sh', '-c', script], { stdio: ['ignore', 'pipe', 'pipe'] });
    const said: string[] = [];
    const made = new Promise<boolean>((resolve) => {
      holder.once('error', (error) => {
        said.push(error.message);
        resolve(false);
      });
      holder.once('exit', () => resolve(false));
      createInterface({ input: holder.stderr }).on('line', (line) => said.push(line));
      createInterface({ input: holder.stdout }).once('line', () => resolve(true));
    });
    return (await made) ? new Network(holder) : said.join('; ');
  }

  /** What stands before a command that is to run in it. */
  get inside(): string[] {
    const who = asRoot ? [] : ['--user', '--preserve-credentials'];
    return ['nsenter', '--target', String(this.#holder.pid), ...who, '--net', '--'];
  }

  /** A program file that runs another one in it. */
  async wrap(program: string, path: string): Promise<string> {
    await writeFile(path, `#!/bin/sh\nexec ${this.inside.join(' ')} ${program} "$@"\n`);
    await chmod(path, 0o755);
    return path;
  }

  end(): void {
    this.#holder.kill();
  }
}
