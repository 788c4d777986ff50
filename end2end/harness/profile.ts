import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type BrowserContext, chromium } from '@playwright/test';

import { PHONE, launchOptions } from './browser.ts';
import type { Guard } from './guard.ts';

/** A browser with a profile on disk: what it stored is there when it is opened again. */
export class Profile {
  readonly #folder: string;
  readonly #guard: Guard;
  #open: BrowserContext | undefined;

  private constructor(folder: string, guard: Guard) {
    this.#folder = folder;
    this.#guard = guard;
  }

  static async make(guard: Guard): Promise<Profile> {
    return new Profile(await mkdtemp(join(tmpdir(), 'weltgewebe-profile-')), guard);
  }

  /** Starts the browser on the profile. */
  async open(baseURL: string): Promise<BrowserContext> {
    this.#open = await chromium.launchPersistentContext(this.#folder, {
      ...launchOptions(),
      ...PHONE,
      baseURL,
      locale: 'de-DE',
      timezoneId: 'Europe/Vienna',
    });
    await this.#guard.watch(this.#open);
    return this.#open;
  }

  /** Kills every process that runs pages, as the system does when memory is short: nothing of them gets a word in. */
  async killRenderers(): Promise<void> {
    const renderers = await this.#renderers();
    if (renderers.length === 0) throw new Error('there is no renderer to kill');
    for (const pid of renderers) process.kill(pid, 'SIGKILL');
  }

  /** Closes the browser; the profile stays. */
  async close(): Promise<void> {
    await this.#open?.close();
    this.#open = undefined;
  }

  async remove(): Promise<void> {
    await this.close();
    await rm(this.#folder, { recursive: true, force: true, maxRetries: 5 });
  }

  async #renderers(): Promise<number[]> {
    const processes = new Map<number, { parent: number; line: string }>();
    for (const name of await readdir('/proc')) {
      if (!/^\d+$/.test(name)) continue;
      try {
        const line = (await readFile(`/proc/${name}/cmdline`, 'utf8')).replaceAll('\0', ' ');
        // The name in parentheses may hold blanks; the parent is the second word after it.
        const stat = (await readFile(`/proc/${name}/stat`, 'utf8')).split(') ').at(-1) ?? '';
        processes.set(Number(name), { parent: Number(stat.split(' ')[1]), line });
      } catch {
        // It has ended meanwhile.
      }
    }
    const isOurs = (pid: number): boolean => {
      const found = processes.get(pid);
      return found !== undefined && (found.line.includes(`--user-data-dir=${this.#folder}`) || isOurs(found.parent));
    };
    return [...processes.keys()].filter((pid) => processes.get(pid)?.line.includes('--type=renderer') && isOurs(pid));
  }
}
