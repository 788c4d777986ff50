import type { Page } from '@playwright/test';

/** How long after a press, a tap or a key the browser has painted what came of it, in milliseconds; the longest of each interaction. */
export type Painted = Record<string, number>;

/** Watches from here on. Browsers tell such times in steps of 8 ms, and none shorter than 16. */
export async function watchInteractions(page: Page): Promise<void> {
  await page.evaluate(() => {
    const longest = new Map<number, number>();
    Reflect.set(window, 'interactions', longest);
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        const id = Reflect.get(entry, 'interactionId') as number;
        if (id) longest.set(id, Math.max(longest.get(id) ?? 0, entry.duration));
      }
    }).observe({ type: 'event', durationThreshold: 16, buffered: false } as PerformanceObserverInit);
  });
}

/** The longest interaction since the last time this was asked; 0: each was painted within 16 ms. */
export async function longestInteraction(page: Page): Promise<number> {
  // What was painted last is told with the next picture.
  await page.evaluate(() => new Promise((rested) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(rested, 100)))));
  return page.evaluate(() => {
    const longest = Reflect.get(window, 'interactions') as Map<number, number>;
    const most = Math.max(0, ...longest.values());
    longest.clear();
    return most;
  });
}
