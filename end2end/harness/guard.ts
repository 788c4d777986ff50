import type { BrowserContext, Page } from '@playwright/test';

import { INSECURE_HOST } from './browser.ts';

/**
 * Collects what no page may do: write an error to the console, throw, break its own policy, speak to another origin.
 * A test that provokes an error says which one it expects.
 */
export class Guard {
  readonly #port: number;
  readonly #hosts: string[];
  readonly #found: string[] = [];
  readonly #expected: RegExp[] = [];

  constructor(port: number, ...more: string[]) {
    this.#port = port;
    this.#hosts = ['127.0.0.1', INSECURE_HOST, ...more];
  }

  /** Watches all pages of a browser context, now and later. */
  async watch(context: BrowserContext): Promise<void> {
    await context.addInitScript(() => {
      addEventListener('securitypolicyviolation', (report) => {
        console.error(`policy: ${report.violatedDirective} stopped ${report.blockedURI} in ${report.sourceFile}`);
      });
    });
    context.on('console', (message) => {
      if (message.type() === 'error') this.#found.push(`console: ${message.text()} (${message.location().url})`);
    });
    context.on('weberror', (error) => this.#found.push(`thrown: ${error.error().stack || String(error.error())}`));
    context.on('request', (request) => this.#check(request.url()));
    const socket = (page: Page) => page.on('websocket', (opened) => this.#check(opened.url()));
    context.on('page', socket);
    context.pages().forEach(socket);
  }

  /** An error that the test provokes, for example by cutting the network. */
  expects(...errors: RegExp[]): void {
    this.#expected.push(...errors);
  }

  /** What was found and not expected. */
  get found(): string[] {
    return this.#found.filter((found) => !this.#expected.some((expected) => expected.test(found)));
  }

  #check(url: string): void {
    const { protocol, hostname, port } = new URL(url);
    if (protocol === 'data:' || protocol === 'blob:') return;
    const own = port === String(this.#port) && this.#hosts.includes(hostname);
    if (!own) this.#found.push(`another origin: ${url}`);
  }
}

/** What Chromium writes when a request or socket meets no network, or one that a test cut. */
export const NO_NETWORK = [
  /net::ERR_INTERNET_DISCONNECTED/,
  /net::ERR_CONNECTION_(REFUSED|RESET|CLOSED)/,
  /net::ERR_(FAILED|BLOCKED_BY_CLIENT|EMPTY_RESPONSE|NETWORK_CHANGED|INCOMPLETE_CHUNKED_ENCODING)/,
  /WebSocket connection to .* failed/,
];

/** What Chromium writes when an answer has this status. */
export function status(code: number): RegExp {
  return new RegExp(`the server responded with a status of ${code}`);
}
