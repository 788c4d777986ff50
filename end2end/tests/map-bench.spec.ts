import { LooseMap, rows } from '../harness/loose-map.ts';
import { look } from '../harness/picture.ts';
import { expect, test } from '../harness/test.ts';
import { quantile, traced } from '../harness/trace.ts';

/** `WELTGEWEBE_LONG=1` measures; the short form sees that it can be measured. */
const LONG = process.env['WELTGEWEBE_LONG'] === '1';
const FEATURES = LONG ? 5000 : 500;
const CHANGED = LONG ? 500 : 50;
const PICTURES = LONG ? 40 : 8;
/** From so far away all of it is in view, and a processor that draws it without a graphics chip comes to an end. */
const ZOOM = 13.2;

const figure = (what: string, ms: number) => console.log(`figure: with ${FEATURES} features in view, ${what}: ${ms.toFixed(1)} ms`);

for (const slower of LONG ? [1, 4] : [1]) {
  const device = slower === 1 ? 'this processor' : `a processor ${slower} times slower`;

  test(`what the map asks of the main thread, ${device}`, async ({ page }) => {
    test.setTimeout(300_000);
    const map = await LooseMap.open(page, { zoom: ZOOM });
    const woven = rows(FEATURES);
    await map.idle();
    const empty = await look(page);
    const devtools = await page.context().newCDPSession(page);
    await devtools.send('Emulation.setCPUThrottlingRate', { rate: slower });
    await map.bring({ ...woven });
    const told = await traced(page, async () => {
      await map.tell();
      await map.idle();
    });
    figure(`${device}, all of it told, the longest task`, Math.max(...told.tasks));
    expect((await look(page, empty.png)).changed, 'it is drawn').toBeGreaterThan(FEATURES);

    const panned = await traced(page, () => map.pan(PICTURES));
    expect(panned.pictures.length, 'pictures were made').toBeGreaterThanOrEqual(PICTURES / 2);
    figure(`${device}, the main thread's task for a picture, p50`, quantile(panned.pictures, 0.5));
    figure(`${device}, the main thread's task for a picture, p95`, quantile(panned.pictures, 0.95));
    figure(`${device}, the longest task while the map moves`, Math.max(...panned.tasks));

    const threads = woven.threads.slice(0, CHANGED).map((row) => ({ ...row, expires_at: Date.now() + 7e8 }));
    await map.bring({ threads });
    const changed = await traced(page, async () => {
      await map.tell();
      await expect.poll(() => map.count('live'), 'the changed ones are drawn from the small source').toBeGreaterThanOrEqual(CHANGED);
      await map.idle();
    });
    figure(`${device}, a difference of ${CHANGED}, the longest task until it is drawn`, Math.max(...changed.tasks));

    // What happens seldom is measured once.
    if (slower > 1) return;
    const aged = await traced(page, async () => {
      await page.evaluate(() => Reflect.get(window, 'loose').map.setGlobalStateProperty('now', Date.now() + 60_000));
      await map.idle();
    });
    figure(`${device}, everything older, the longest task`, Math.max(...aged.tasks));

    const lit = await traced(page, async () => {
      await map.light(`/knoten/${woven.nodes[0]!['id']}`);
      await map.idle();
    });
    figure(`${device}, a knot lit, the longest task`, Math.max(...lit.tasks));
  });
}
