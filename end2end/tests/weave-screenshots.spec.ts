import { join } from 'node:path';

import { PHONE, WIDE } from '../harness/browser.ts';
import { LooseMap } from '../harness/loose-map.ts';
import { look } from '../harness/picture.ts';
import { expect, test } from '../harness/test.ts';

/** To be looked at before a change is called done; git ignores them. */
const FOLDER = join(import.meta.dirname, '..', 'screenshots');

for (const [device, viewport] of [['phone', PHONE], ['desktop', WIDE]] as const) {
  for (const colorScheme of ['light', 'dark'] as const) {
    test(`strange titles, bundles and rings, ${device}, ${colorScheme}`, async ({ browser, server, guard }) => {
      const context = await browser.newContext({ ...viewport, colorScheme, baseURL: server.url });
      await guard.watch(context);
      const page = await context.newPage();
      const map = await LooseMap.open(page, { zoom: 16 });
      const now = Date.now();
      const at = (east: number, north: number) => ({ lat: Math.round((48.2 + north / 111_320) * 1e7), lon: Math.round((16.4 + east / 74_200) * 1e7) });
      const titles = ['W'.repeat(120), 'Säge 🪚 und Leiter 👩‍👩‍👧‍👦', 'مكتبة الحي للجميع', 'ספריית השכונה', 'Lesekreis'];
      const nodes = titles.map((title, i) => ({
        id: `n${i}`, kind: ['idea', 'event', 'place', 'tool', 'bed'][i], title, text: '', place: at(i % 2 ? 90 : -110, 260 - i * 75),
        yarns: Object.fromEntries(Array.from({ length: i }, (_, yarn) => [`y${yarn}`, 'r0'])), holds_until: now + 5e8, last: 1,
      }));
      const spools = [{ role: 'r0', name: 'Anna', place: at(0, 90), radius: null, acted_at: now - 1000, last: 1 }];
      const threads = nodes.flatMap((node, n) =>
        ['create', 'change', 'talk', 'join'].slice(0, n + 1).map((kind, k) => ({
          id: `t${n}${k}`, kind, role: 'r0', node: node.id, from: spools[0]!.place, to: node.place, expires_at: k < n - 1 ? null : now + (k + 1) * 1.5e8, last: 1,
        })),
      );
      await map.feed({ nodes, spools, threads }, ['t40', 'n0']);
      await map.idle();
      expect((await look(page)).colours).toBeGreaterThan(40);
      await page.screenshot({ path: join(FOLDER, `${device}-${colorScheme}`, '30-weave.png') });
      await map.light('/knoten/n3');
      await map.idle();
      await page.screenshot({ path: join(FOLDER, `${device}-${colorScheme}`, '31-weave-lit.png') });
      await context.close();
    });
  }
}
