import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';

import { uuid7 } from './ids.ts';
import type { Server } from './server.ts';

/** A point in units of 1e-7 degrees. */
export interface Place {
  lat: number;
  lon: number;
}

export type Placement =
  | { show: 'hidden' }
  | { show: 'exact'; place: Place }
  | { show: 'radius'; place: Place; radius: string };

export type Kind = 'idea' | 'event' | 'place' | 'tool' | 'bed';

export type Level = 'interest' | 'promise' | 'responsibility';

export interface Covers {
  text: boolean;
  talk: boolean;
  pictures?: string[];
}

export type Act =
  | { act: 'register-role'; name: string; placement: Placement }
  | { act: 'rename-role'; name: string }
  | { act: 'place-role'; placement: Placement }
  | { act: 'describe-role'; about?: string; goods?: string[]; skills?: string[]; languages?: string[] }
  | { act: 'knot-node'; node: string; kind: Kind; title: string; text: string; place: Place; starts_at: number | null; particulars?: { zone: string } }
  | { act: 'change-node'; node: string; based_on: number; kind?: Kind; title?: string; text?: string; place?: Place; starts_at?: number }
  | { act: 'join-node'; node: string; level?: Level }
  | { act: 'send-message'; message: string; node: string; text: string; reply_to?: string }
  | { act: 'change-message'; message: string; node: string; text: string }
  | { act: 'withdraw-message'; message: string; node: string }
  | { act: 'twist-thread'; thread: string; node: string; covers?: Covers }
  | { act: 'untwist-thread'; thread: string; node: string }
  | { act: 'cover-yarn'; thread: string; node: string; covers: Covers }
  | { act: 'vouch-for'; role: string }
  | { act: 'withdraw-vouch'; role: string };

/** One line of the public log. */
export interface LogLine {
  cursor: string;
  id: number;
  stream: string;
  stream_version: number;
  actor: { by: string; role?: string };
  command_id: string;
  cell: string | null;
  tie: { thread: string; kind: string; from: string; to: string } | null;
  payload: { type: string } & Record<string, unknown>;
}

/** An event in short: its type, and the title of a knot that it knots. */
export function describe(line: LogLine): string {
  const title = line.payload['title'] as { text: { open?: string } } | undefined;
  return title ? `${line.payload.type} ${title.text.open}` : line.payload.type;
}

/** Events in short, each with the title of the knot that it is about; `all` is the log that knotted them. */
export function describeAll(lines: LogLine[], all: LogLine[]): string[] {
  const titles = new Map(
    all.filter((line) => line.payload.type === 'KnotenGeknuepft').map((line) => [line.tie?.to, describe(line).replace(/^\S+ /, '')]),
  );
  return lines.map((line) => (line.tie ? `${line.payload.type} ${titles.get(line.tie.to)}` : line.payload.type));
}

interface Thread {
  id: string;
  kind: string;
  role: string;
  acts: number;
  expires_at: number | null;
}

/** One far away from every test. */
const ANY_ROOM = '841e15dffffffff';

let asked = 0;

/** A second client beside the browser: what a test prepares, and what it asks the server afterwards. */
export class Api {
  readonly #server: Server;

  constructor(server: Server) {
    this.#server = server;
  }

  /** The log from the beginning, or after a cursor. */
  async log(after?: string): Promise<LogLine[]> {
    const all: LogLine[] = [];
    for (let cursor = after; ; cursor = all.at(-1)?.cursor) {
      const query = new URLSearchParams({ limit: '1000', ...(cursor ? { after: cursor } : {}) });
      const text = await (await this.#ask(`/api/events?${query}`)).text();
      const page = text.split('\n').filter(Boolean).map((line) => JSON.parse(line) as LogLine);
      all.push(...page);
      if (page.length < 1000) return all;
    }
  }

  /** The log's newest position, to read on from. */
  async head(): Promise<string | undefined> {
    return (await this.log()).at(-1)?.cursor;
  }

  /** Signs an address in by the code of its letter; answers with the session's cookie value. */
  async signIn(email: string): Promise<string> {
    await this.#askForLetter(email);
    const { code } = await this.letter(email);
    const answer = await this.#post('/api/session/code', { email, code });
    const cookie = /wg_session=([^;]+)/.exec(answer.headers.get('set-cookie') ?? '')?.[1];
    if (!cookie) throw new Error('signing in set no cookie');
    return cookie;
  }

  /** The newest letter to an address, from the embedded mailbox. */
  async letter(email: string): Promise<{ code: string; link: string }> {
    const page = await (await this.#ask(this.#server.mailbox)).text();
    // Newest first: what follows the address first is its newest letter.
    const after = page.slice(page.indexOf(email));
    const code = /\b(\d{4})[ \u00a0]?(\d{4})\b/.exec(after.replace(/\/anmelden\/[\w-]+/g, ''));
    const link = /\/anmelden\/[\w-]+/.exec(after);
    if (!page.includes(email) || !code || !link) throw new Error(`no letter to ${email} in the mailbox`);
    return { code: `${code[1]}${code[2]}`, link: link[0] };
  }

  /** Submits an act of a role; answers with its receipt or the problem. */
  async submit(session: string, by: string, act: Act): Promise<{ status: number; body: Record<string, unknown> }> {
    const command = { id: uuid7(), v: 1, by, issued_at: Date.now(), act };
    const answer = await fetch(`${this.#server.url}/api/commands`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', cookie: `wg_session=${session}` },
      body: JSON.stringify({ command }),
    });
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  }

  /** Waits until what is read includes that position of the log. */
  async reached(cursor: string): Promise<void> {
    await this.#ask(`/api/cells/${ANY_ROOM}?min=${cursor}`);
  }

  /** What everyone reads of a knot. */
  async node(node: string): Promise<{ title: string; text: string }> {
    const page = (await (await this.#ask(`/api/page?path=/knoten/${node}`)).json()) as {
      detail: { node?: { title: string; text: string } };
    };
    const { title = '', text = '' } = page.detail.node ?? {};
    return { title, text };
  }

  /** The threads of a knot, as its page has them. */
  async threads(node: string): Promise<Thread[]> {
    const page = (await (await this.#ask(`/api/page?path=/knoten/${node}`)).json()) as {
      detail: { threads?: Thread[] };
    };
    return page.detail.threads ?? [];
  }

  /** Each asks from an address of their own, as neighbours do: one address may only cause so many letters. */
  async #askForLetter(email: string): Promise<void> {
    asked += 1;
    const localAddress = `127.1.${asked >> 8}.${asked & 255}`;
    const sent = request(`${this.#server.url}/api/session/mail`, {
      method: 'POST',
      localAddress,
      headers: { 'content-type': 'application/json' },
    });
    sent.end(JSON.stringify({ email }));
    const [answer] = (await once(sent, 'response')) as [IncomingMessage];
    answer.resume();
    if (answer.statusCode !== 202) throw new Error(`no letter to ${email}: ${answer.statusCode}`);
  }

  async #ask(path: string): Promise<Response> {
    const answer = await fetch(this.#server.url + path);
    if (!answer.ok) throw new Error(`GET ${path}: ${answer.status} ${await answer.text()}`);
    return answer;
  }

  async #post(path: string, body: unknown): Promise<Response> {
    const answer = await fetch(this.#server.url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`POST ${path}: ${answer.status} ${await answer.text()}`);
    return answer;
  }
}
