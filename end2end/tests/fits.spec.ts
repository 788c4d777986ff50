import type { Page } from '@playwright/test';

import type { AppPage } from '../harness/app.ts';
import { status } from '../harness/guard.ts';
import { APPLES, HOSTILE, type Neighbourhood, WIDE_WORD, weaveNeighbourhood } from '../harness/neighbourhood.ts';
import { expect, test } from '../harness/test.ts';

/** The smallest phone, a phone on its side, and a phone whose letters are twice as large. */
const SCREENS = [
  ['320 pixels wide', { width: 320, height: 568 }, 100],
  ['a phone on its side', { width: 640, height: 360 }, 100],
  ['a screen of 1280 pixels, magnified four times', { width: 320, height: 256 }, 100],
  ['letters twice as large', { width: 390, height: 844 }, 200],
] as const;

/** Every page of a guest's and of one's own, small documents among them. */
function pages(weave: Neighbourhood, mailbox: string): [who: 'guest' | 'anna', path: string][] {
  const knot = (title: string) => `/knoten/${weave.node(title)}`;
  return [
    ['guest', '/'],
    ['guest', knot(APPLES)],
    ['guest', '/anmelden'],
    ['guest', '/anmelden?schritt=code&email=jemand%40weben.test'],
    ['guest', '/ich'],
    ['guest', '/ueber'],
    ['guest', '/gibt/es/nicht'],
    ['guest', mailbox],
    ['anna', '/'],
    ['anna', knot(APPLES)],
    ['anna', knot('Straßenfest am Körnermarkt')],
    ['anna', knot(WIDE_WORD)],
    ['anna', knot(HOSTILE)],
    ['anna', `/rolle/${weave.anna.role}`],
    ['anna', '/weben'],
    ['anna', `${knot(APPLES)}/aendern`],
    ['anna', '/ich'],
    ['anna', `/teilen?zu=${knot(APPLES)}`],
  ];
}

/** What is lost of the page as it stands: too wide, too small for a thumb, or out of reach. */
async function lost(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const TOUCH = 44;
    const lost: string[] = [];
    const wide = document.documentElement.scrollWidth - innerWidth;
    if (wide > 0) lost.push(`the page is ${wide} pixels too wide`);
    const name = (element: Element) => element.outerHTML.replace(/\s+/g, ' ').slice(0, 110);
    const shown = (element: Element) => element.checkVisibility({ visibilityProperty: true, contentVisibilityAuto: true, opacityProperty: false });
    for (const element of document.querySelectorAll('#app *, .plain *')) {
      // Its own line can be pushed aside.
      if (!shown(element) || element.closest('.lenses > *, .unseen')) continue;
      const { left, right, width } = element.getBoundingClientRect();
      if (width > 1 && (right > innerWidth + 1 || left < -1)) lost.push(`sideways: ${name(element)}`);
    }
    for (const element of document.querySelectorAll<HTMLElement>('a[href], button, input, textarea, select, summary, [tabindex="0"]')) {
      if (!shown(element) || element.closest('[inert], .skip, .maplibregl-ctrl-bottom-right')) continue;
      // A link within a sentence is as high as its line, as everywhere.
      const within = element.parentElement!;
      const isInText = element.matches('a, button.text') && getComputedStyle(element).display === 'inline' && within.textContent!.trim() !== element.textContent!.trim();
      const target = element.matches('input[type=radio], input[type=checkbox]') ? element.closest('label')! : element;
      // A link may reach over its whole row, by what is laid after it.
      const after = getComputedStyle(target, '::after');
      const own = target.getBoundingClientRect();
      const reaches = after.content !== 'none' && after.position === 'absolute';
      const [width, height] = reaches ? [parseFloat(after.width), parseFloat(after.height)] : [own.width, own.height];
      if (!isInText && !(height >= TOUCH - 0.5 && width >= TOUCH - 0.5)) lost.push(`${Math.round(width)} by ${Math.round(height)}: ${name(target)}`);
      // Brought into sight it is there to be hit.
      element.scrollIntoView({ block: 'center', inline: 'center', behavior: 'instant' });
      const box = (target.getClientRects()[0] ?? target.getBoundingClientRect()) as DOMRect;
      const hit = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
      if (!hit || !(target.contains(hit) || hit.contains(target) && hit.matches('label'))) lost.push(`under ${hit ? name(hit) : 'nothing'}: ${name(target)}`);
    }
    // Pieces that stand around the panel leave it room.
    const panel = document.getElementById('panel');
    if (panel && panel.getBoundingClientRect().height < 100) lost.push(`the panel is only ${panel.getBoundingClientRect().height} pixels high`);
    return lost;
  });
}

/** As someone sees it who has set larger letters: everything that is measured in them grows. */
async function enlarge(app: AppPage, percent: number): Promise<void> {
  if (percent === 100) return;
  await app.page.evaluate((size) => {
    document.documentElement.style.fontSize = `${size}%`;
  }, percent);
}

for (const [screen, viewport, percent] of SCREENS) {
  test(`nothing is lost on any page: ${screen}`, async ({ people, town, guard, server }) => {
    test.setTimeout(180_000);
    guard.expects(status(404));
    const weave = await weaveNeighbourhood(people, town);
    const apps = { guest: await people.browser(), anna: await people.browser(weave.anna) };
    for (const app of Object.values(apps)) await app.page.setViewportSize(viewport);
    const all: string[] = [];
    for (const [who, path] of pages(weave, server.mailbox)) {
      const app = apps[who];
      const { page } = app;
      await page.goto(path === '/' ? town.view() : path);
      if (await page.locator('#app').count()) {
        await app.expectAwake();
        if (path === '/') await expect(app.knot(APPLES)).toBeAttached();
      }
      await app.settled();
      await enlarge(app, percent);
      for (const what of await lost(page)) all.push(`${who} ${path} ${what}`);
      // And with the panel as high as it gets.
      const handle = page.locator('.handle');
      if (await handle.isVisible()) {
        await handle.click();
        await expect(page.locator('html[data-sheet="full"]')).toBeAttached();
        await expect(page.locator('.sheet:not([data-moving])')).toBeAttached();
        for (const what of await lost(page)) all.push(`${who} ${path} full ${what}`);
      }
    }
    expect(all).toEqual([]);
  });
}
