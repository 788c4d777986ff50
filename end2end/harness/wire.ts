import type { Page } from '@playwright/test';

/** A message of the live channel, as `docs/protocol.md` describes it. */
export interface Message {
  t: string;
  cursor?: string;
  rooms?: { cell: string; full?: View; patch?: View }[];
}

interface View {
  nodes?: { id: string; title: string }[];
  threads?: { id: string; node: string }[];
}

/** Everything that a page asks the network for, from the moment it is made. */
export class Wire {
  /** Requests over HTTP, as `METHOD path`. */
  readonly requests: string[] = [];
  /** Addresses of the sockets opened. */
  readonly sockets: string[] = [];
  readonly said: Message[] = [];
  readonly heard: Message[] = [];

  constructor(page: Page) {
    page.on('request', (request) => {
      const { pathname, search } = new URL(request.url());
      this.requests.push(`${request.method()} ${pathname}${search}`);
    });
    page.on('websocket', (socket) => {
      this.sockets.push(new URL(socket.url()).pathname);
      socket.on('framesent', ({ payload }) => this.said.push(parse(payload)));
      socket.on('framereceived', ({ payload }) => this.heard.push(parse(payload)));
    });
  }

  /** Forgets what was so far: the page has loaded. */
  reset(): void {
    this.requests.length = 0;
    this.sockets.length = 0;
    this.heard.length = 0;
  }

  /** The rooms that the page asked for last. */
  get wished(): string[] {
    return this.said.findLast((message) => message.t === 'rooms')?.rooms?.map((room) => room.cell) ?? [];
  }

  /** The rooms whose frames brought a knot of that title. */
  roomsOf(title: string): string[] {
    return this.heard
      .flatMap((message) => message.rooms ?? [])
      .filter((room) => [room.full, room.patch].some((view) => view?.nodes?.some((node) => node.title === title)))
      .map((room) => room.cell);
  }

  /** Messages that brought news of rooms. */
  get updates(): Message[] {
    return this.heard.filter((message) => message.t === 'rooms');
  }

  /** Whether every room wished for was answered. */
  get answered(): boolean {
    const rooms = new Set(this.updates.flatMap((message) => message.rooms ?? []).map((room) => room.cell));
    return this.wished.length > 0 && this.wished.every((cell) => rooms.has(cell));
  }

  /** Titles of all knots that frames brought. */
  get titles(): string[] {
    return this.heard
      .flatMap((message) => message.rooms ?? [])
      .flatMap((room) => [...(room.full?.nodes ?? []), ...(room.patch?.nodes ?? [])])
      .map((node) => node.title);
  }
}

function parse(payload: string | Buffer): Message {
  return JSON.parse(payload.toString()) as Message;
}
