import type { Page } from '@playwright/test';

import { APPLES, weaveNeighbourhood } from '../harness/neighbourhood.ts';
import { expect, test } from '../harness/test.ts';

/** Slow 4G, as Lighthouse has it: 1.6 Mbit/s and 150 ms there and back; and a phone a quarter as fast as this machine. */
const SLOW_4G = { offline: false, latency: 150, downloadThroughput: 1_600_000 / 8, uploadThroughput: 750_000 / 8 };
const TIMES_SLOWER = 4;

/** What moved, of a browser's entry on a layout shift. */
interface Moved {
  node: Node | null;
  previousRect: DOMRectReadOnly;
  currentRect: DOMRectReadOnly;
}

/** Watches what moves under the reader, and when something was painted. */
async function watchPaints(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const seen = { first: 0, largest: 0, moved: 0, what: [] as string[] };
    Reflect.set(window, 'seen', seen);
    const watch = (type: string, take: (entry: PerformanceEntry) => void) =>
      new PerformanceObserver((list) => list.getEntries().forEach(take)).observe({ type, buffered: true });
    watch('paint', (entry) => {
      if (entry.name === 'first-contentful-paint') seen.first = entry.startTime;
    });
    watch('largest-contentful-paint', (entry) => {
      seen.largest = entry.startTime;
    });
    watch('layout-shift', (entry) => {
      if (Reflect.get(entry, 'hadRecentInput')) return;
      seen.moved += Reflect.get(entry, 'value') as number;
      for (const { node, previousRect: from, currentRect: to } of Reflect.get(entry, 'sources') as Moved[]) {
        const name = node instanceof Element ? `${node.localName}.${node.className}` : String(node?.textContent);
        seen.what.push(`${Math.round(entry.startTime)} ms ${name} ${from.x},${from.y} → ${to.x},${to.y} (${to.width}×${to.height})`);
      }
    });
  });
}

const paints = (page: Page) =>
  page.evaluate(() => Reflect.get(window, 'seen') as { first: number; largest: number; moved: number; what: string[] });

test('a typeface that comes late moves nothing', async ({ people, town, app }) => {
  await weaveNeighbourhood(people, town);
  await watchPaints(app.page);
  let come = () => {};
  const late = new Promise<void>((resolve) => (come = resolve));
  await app.page.route('**/fonts/*.woff2', async (route) => {
    await late;
    await route.continue();
  });
  await app.page.goto(town.view(15), { waitUntil: 'commit' });
  await app.expectAwake();
  await app.expectMap();
  await app.expectLive();
  const before = await paints(app.page);
  expect(before.first, 'it is read without').toBeGreaterThan(0);
  expect(await app.page.evaluate(() => document.fonts.check('1em "Source Sans"')), 'it is not there').toBe(false);
  come();
  await expect.poll(() => app.page.evaluate(() => document.fonts.check('1em "Source Sans"')), 'it has come').toBe(true);
  await app.page.evaluate(() => new Promise((rested) => requestAnimationFrame(() => requestAnimationFrame(rested))));
  const after = await paints(app.page);
  expect(after.moved - before.moved, after.what.join('; ')).toBeLessThan(0.01);
});

test('a cheap phone on a slow network first reads the page, which then stays where it is', async ({
  people,
  town,
  app,
}) => {
  const weave = await weaveNeighbourhood(people, town);
  const devtools = await app.page.context().newCDPSession(app.page);
  await devtools.send('Network.enable');
  await devtools.send('Network.setCacheDisabled', { cacheDisabled: true });
  await devtools.send('Network.emulateNetworkConditions', SLOW_4G);
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: TIMES_SLOWER });
  await watchPaints(app.page);
  for (const [page, path] of [['', town.view(15)], ['on the page of a knot, ', `/knoten/${weave.node(APPLES)}`]] as const) {
    await app.page.goto(path, { waitUntil: 'commit' });
    await app.expectAwake();
    const awake = await app.page.evaluate(() => performance.now());
    await app.expectMap();
    await app.expectLive();
    const live = await app.page.evaluate(() => performance.now());
    const seen = await paints(app.page);
    for (const [what, at] of [
      ['the first paint with content', seen.first],
      ['the largest paint with content', seen.largest],
      ['the script has taken over', awake],
      ['the first live thread drawn', live],
    ] as const) {
      console.log(`figure: on slow 4G and a processor ${TIMES_SLOWER} times slower, ${page}${what}: ${Math.round(at)} ms`);
    }
    console.log(`figure: ${page}layout shift of a first view: ${seen.moved.toFixed(3)}`);
    expect(seen.first, 'something was painted').toBeGreaterThan(0);
    expect(seen.largest, 'what is read was painted').toBeGreaterThan(0);
    expect(seen.moved, `nothing moves under the reader: ${seen.what.join('; ')}`).toBeLessThan(0.01);
  }
});
