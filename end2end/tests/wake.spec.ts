import type { Page } from '@playwright/test';

import { expect, test } from '../harness/test.ts';

interface Held {
  paint: () => void;
  patience: () => void;
  /** The word may go through as soon as it comes. */
  released: boolean;
}

/** Holds back what the page waits for before its script starts: the word that it was painted, and the end of its patience. */
async function hold(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const held: Held = { paint: () => {}, patience: () => {}, released: false };
    Reflect.set(window, 'held', held);
    const later = window.setTimeout.bind(window);
    const patient = (run: () => void, ms?: number, ...more: unknown[]) => {
      if (ms !== 3000) return later(run, ms, ...more);
      held.patience = run;
      return 0;
    };
    Reflect.set(window, 'setTimeout', patient);
    window.PerformanceObserver = class extends PerformanceObserver {
      constructor(told: PerformanceObserverCallback) {
        super((list, observer) => {
          held.paint = () => told.call(observer, list, observer);
          if (held.released) held.paint();
        });
      }
    };
  });
}

function release(page: Page, what: 'paint' | 'patience'): Promise<void> {
  return page.evaluate((what) => {
    const held = Reflect.get(window, 'held') as Held;
    held.released ||= what === 'paint';
    held[what]();
  }, what);
}

test('the script starts when the page has been painted, and not before', async ({ app, town }) => {
  await hold(app.page);
  await app.page.goto(town.view(15), { waitUntil: 'load' });
  await expect.poll(() => app.page.evaluate(() => performance.getEntriesByType('resource').some(({ name }) => name.endsWith('.wasm')))).toBe(true);
  await app.page.evaluate(() => new Promise((done) => requestIdleCallback(() => done(null))));
  await expect(app.page.locator('[data-awake]')).toHaveCount(0);
  await release(app.page, 'paint');
  await app.expectAwake();
});

test('a page that is never said to be painted does not wait for ever', async ({ app, town }) => {
  await hold(app.page);
  await app.page.goto(town.view(15), { waitUntil: 'load' });
  await expect(app.page.locator('[data-awake]')).toHaveCount(0);
  await release(app.page, 'patience');
  await app.expectAwake();
});

test('a page in the background starts at once', async ({ app, town }) => {
  await hold(app.page);
  await app.page.addInitScript(() => Object.defineProperty(document, 'hidden', { get: () => true }));
  await app.page.goto(town.view(15));
  await app.expectAwake();
});
