import type { CDPSession, Locator, Page } from '@playwright/test';

export interface Point {
  x: number;
  y: number;
}

/** One picture of a screen. */
const STEP_MS = 16;

/** A finger on the screen, as fast as it is told to be: what the browser is told of the time is part of each touch. */
export class Finger {
  readonly #debug: CDPSession;
  #at: Point = { x: 0, y: 0 };
  #seconds = Date.now() / 1000;

  private constructor(debug: CDPSession) {
    this.#debug = debug;
  }

  static async of(page: Page): Promise<Finger> {
    return new Finger(await page.context().newCDPSession(page));
  }

  async down(at: Point): Promise<void> {
    this.#at = at;
    await this.#send('touchStart', [at]);
  }

  /** Moves by so many pixels, in so many milliseconds. */
  async move(by: Point, ms = 320): Promise<void> {
    const steps = Math.max(2, Math.round(ms / STEP_MS));
    const { x, y } = this.#at;
    for (let step = 1; step <= steps; step += 1) {
      this.#at = { x: x + (by.x * step) / steps, y: y + (by.y * step) / steps };
      this.#seconds += ms / steps / 1000;
      await this.#send('touchMove', [this.#at]);
    }
  }

  /** Lets go; what it did last is so long ago. */
  async up(stillMs = 0): Promise<void> {
    this.#seconds += stillMs / 1000;
    await this.#send('touchEnd', []);
  }

  async drag(from: Point, by: Point, ms?: number, stillMs?: number): Promise<void> {
    await this.down(from);
    await this.move(by, ms);
    await this.up(stillMs);
  }

  async #send(type: 'touchStart' | 'touchMove' | 'touchEnd', points: Point[]): Promise<void> {
    await this.#debug.send('Input.dispatchTouchEvent', { type, touchPoints: points, timestamp: this.#seconds });
  }
}

export async function middle(of: Locator): Promise<Point> {
  const { x, y, width, height } = (await of.boundingBox())!;
  return { x: x + width / 2, y: y + height / 2 };
}
