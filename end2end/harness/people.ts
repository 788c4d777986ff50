import type { Browser, BrowserContext } from '@playwright/test';

import type { Act, Api, Placement } from './api.ts';
import { AppPage } from './app.ts';
import type { Guard } from './guard.ts';
import { uuid7 } from './ids.ts';
import type { Server } from './server.ts';

/** Someone who is signed in somewhere. */
export interface Account {
  name: string;
  email: string;
  session: string;
}

/** Someone with an account and a role. */
export interface Person extends Account {
  role: string;
}

let born = 0;

/** Brings people into being and gives them browsers. */
export class People {
  readonly #api: Api;
  readonly #server: Server;
  readonly #browser: Browser;
  readonly #guard: Guard;
  readonly #contexts: BrowserContext[] = [];

  constructor(api: Api, server: Server, browser: Browser, guard: Guard) {
    this.#api = api;
    this.#server = server;
    this.#browser = browser;
    this.#guard = guard;
  }

  /** An address that nobody has used. */
  email(name = 'jemand'): string {
    born += 1;
    return `${name.toLowerCase().replace(/[^a-z]/g, '')}.${born}@weben.test`;
  }

  /** Makes an account without a role. */
  async account(name: string): Promise<Account> {
    const email = this.email(name);
    return { name, email, session: await this.#api.signIn(email) };
  }

  /** Registers a role, prepared without a browser. */
  async register(name: string, placement: Placement = { show: 'hidden' }): Promise<Person> {
    const person = { ...(await this.account(name)), role: uuid7() };
    await this.does(person, { act: 'register-role', name, placement });
    return person;
  }

  /** An act of theirs from some other device, until everyone can read it. */
  async does(person: Person, act: Act): Promise<void> {
    const { status, body } = await this.#api.submit(person.session, person.role, act);
    if (status !== 200) throw new Error(`${person.name} may not ${act.act}: ${status} ${JSON.stringify(body)}`);
    await this.#api.reached(body['cursor'] as string);
  }

  /** Twists the threads that someone has to a knot. */
  async twistAll(person: Person, node: string): Promise<void> {
    for (const thread of await this.#api.threads(node)) {
      if (thread.role === person.role) await this.does(person, { act: 'twist-thread', thread: thread.id, node });
    }
  }

  /** A browser of theirs, signed in; of a guest when nobody is named. */
  async browser(person?: Account, url: string = this.#server.url): Promise<AppPage> {
    const context = await this.#browser.newContext({ baseURL: url });
    this.#contexts.push(context);
    await this.#guard.watch(context);
    if (person) await this.signIn(context, person, url);
    return new AppPage(await context.newPage());
  }

  /** Gives a browser context the session of a person. */
  async signIn(context: BrowserContext, person: Account, url: string = this.#server.url): Promise<void> {
    // As the server sets it: it outlives the browser.
    const expires = Math.floor(Date.now() / 1000) + 90 * 24 * 60 * 60;
    const cookie = { name: 'wg_session', value: person.session, url, expires, httpOnly: true, sameSite: 'Lax' } as const;
    await context.addCookies([cookie]);
  }

  async leave(): Promise<void> {
    for (const context of this.#contexts) await context.close();
  }
}
