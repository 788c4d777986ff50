import type { Page } from '@playwright/test';

import type { AppPage } from '../harness/app.ts';
import { expectAccessible } from '../harness/axe.ts';
import { WIDE } from '../harness/browser.ts';
import { Finger, middle } from '../harness/finger.ts';
import { uuid7 } from '../harness/ids.ts';
import type { People } from '../harness/people.ts';
import { expect, test } from '../harness/test.ts';
import type { Town } from '../harness/town.ts';
import { word } from '../harness/words.ts';

type Height = 'low' | 'half' | 'full';

/** The panel of a phone. */
class Sheet {
  readonly page: Page;
  readonly finger: Finger;

  private constructor(page: Page, finger: Finger) {
    this.page = page;
    this.finger = finger;
  }

  static async of({ page }: AppPage): Promise<Sheet> {
    return new Sheet(page, await Finger.of(page));
  }

  get handle() {
    return this.page.locator('.handle');
  }

  /** Where its upper edge is. */
  async top(): Promise<number> {
    return this.page.locator('.sheet').evaluate((sheet) => sheet.getBoundingClientRect().top);
  }

  /** It stands at that height, and nothing moves any more. */
  async expectAt(height: Height): Promise<void> {
    await expect(this.page.locator('html')).toHaveAttribute('data-sheet', height);
    await expect(this.page.locator('.sheet:not([data-moving])')).toBeAttached();
    const { header, low, window } = await this.page.evaluate(() => ({
      header: document.querySelector('.header')!.getBoundingClientRect().bottom,
      low: parseFloat(getComputedStyle(document.documentElement).getPropertyValue('--sheet-low')),
      window: innerHeight,
    }));
    const tops = { full: header, half: window * 0.45, low: window - low };
    expect(Math.abs((await this.top()) - tops[height]), `its edge when ${height}`).toBeLessThan(2);
  }

  /** Drags it by its handle; up is more. */
  async drag(up: number, ms?: number, stillMs?: number): Promise<void> {
    await this.finger.drag(await middle(this.handle), { x: 0, y: -up }, ms, stillMs);
  }
}

/** A phone that looks at a list which is longer than it. */
async function phone(people: People, town: Town): Promise<{ app: AppPage; sheet: Sheet }> {
  const anna = await people.register('Anna');
  for (let n = 1; n <= 12; n += 1) {
    await people.does(anna, { act: 'knot-node', node: uuid7(), kind: 'tool', title: `Beet ${n}`, text: '', place: town.at(9 * n), starts_at: null });
  }
  const app = await people.browser();
  // Each spring that settles the sheet, as the steps it takes.
  await app.page.addInitScript(() => {
    const { animate } = Element.prototype;
    const springs: number[][] = [];
    Reflect.set(window, 'springs', springs);
    Element.prototype.animate = function (frames, options) {
      if (this.classList.contains('sheet')) springs.push((frames as Keyframe[]).map(({ transform }) => parseFloat(String(transform).slice('translateY('.length))));
      return animate.call(this, frames, options);
    };
  });
  await app.open(town.view());
  await app.expectLive();
  await expect(app.knot('Beet 12')).toBeAttached();
  return { app, sheet: await Sheet.of(app) };
}

const springs = ({ page }: AppPage) => page.evaluate(() => Reflect.get(window, 'springs') as number[][]);

test('it follows the finger, and a slow one leaves it at the nearest height', async ({ people, town }) => {
  const { app, sheet } = await phone(people, town);
  await sheet.expectAt('half');
  const from = await sheet.top();
  await sheet.finger.down(await middle(sheet.handle));
  await sheet.finger.move({ x: 0, y: -60 });
  // The first pixels tell a drag from a tap.
  await expect.poll(() => sheet.top()).toBeLessThan(from - 48);
  const there = await sheet.top();
  await sheet.finger.move({ x: 0, y: -70 });
  await expect.poll(async () => Math.abs((await sheet.top()) - (there - 70))).toBeLessThan(1);
  await sheet.finger.up(300);
  await sheet.expectAt('half');
  await sheet.drag(200, 600, 300);
  await sheet.expectAt('full');
  await sheet.drag(-230, 600, 300);
  await sheet.expectAt('half');
  await sheet.drag(-250, 600, 300);
  await sheet.expectAt('low');
  const title = app.heading(word('home_title'));
  await expect(title, 'nothing was opened by it').toBeVisible();
  const [{ y, height }, bar] = [(await title.boundingBox())!, (await app.bar.boundingBox())!];
  expect(y + height, 'its title stands above the bar').toBeLessThanOrEqual(bar.y);
  await expect(app.knot('Beet 1')).toBeHidden();
  await title.tap();
  await sheet.expectAt('half');
  await expect(app.knot('Beet 1')).toBeVisible();
});

test('while one reads on, a title stays in view that leaves room to read', async ({ people, town }) => {
  const anna = await people.register('Anna');
  const text = Array.from({ length: 40 }, (_, n) => `Absatz ${n + 1}`).join('\n');
  const short = 'Wolle';
  const long = 'Wolle von allen Schafen, die wir auf der Wiese hinter dem Bahnhof scheren durften';
  for (const title of [short, long]) {
    await people.does(anna, { act: 'knot-node', node: uuid7(), kind: 'tool', title, text, place: town.at(), starts_at: null });
  }
  const app = await people.browser();
  await app.open(town.view());
  const sheet = await Sheet.of(app);
  for (const [title, stays] of [[short, true], [long, false]] as const) {
    await app.openKnot(title);
    await expect(app.heading(title)).toBeFocused();
    await sheet.handle.click();
    await sheet.expectAt('full');
    await app.main.evaluate((panel) => panel.scrollTo(0, 700));
    await expect.poll(() => app.main.evaluate((panel) => panel.scrollTop)).toBeGreaterThan(600);
    if (stays) await expect(app.heading(title)).toBeInViewport({ ratio: 1 });
    else await expect(app.heading(title)).not.toBeInViewport();
  }
});

test('a flick sends it to the next height with the speed of the finger, and it settles like a spring', async ({ people, town }) => {
  const { app, sheet } = await phone(people, town);
  for (const [flick, height] of [[70, 'full'], [-70, 'half'], [-70, 'low'], [70, 'half']] as const) {
    await sheet.drag(flick, 48);
    await sheet.expectAt(height);
  }
  for (const steps of await springs(app)) {
    const [first, second] = steps as [number, number];
    // 70 pixels in 48 ms are 24 in the time of a picture, which the spring adds its pull to.
    expect(Math.abs(second - first)).toBeGreaterThan(18);
    const last = steps.at(-1)!;
    expect(Math.abs(last - steps.at(-2)!), 'it comes to rest').toBeLessThan(1);
    expect(steps.length, 'within a second').toBeLessThan(60);
  }
  expect((await springs(app)).length).toBe(4);
});

test('beyond its ends it gives a little, and comes back', async ({ people, town }) => {
  const { sheet } = await phone(people, town);
  await sheet.drag(300, 48);
  await sheet.expectAt('full');
  const full = await sheet.top();
  await sheet.finger.down(await middle(sheet.handle));
  await sheet.finger.move({ x: 0, y: -60 });
  await expect.poll(() => sheet.top()).toBeLessThan(full - 8);
  expect(await sheet.top()).toBeGreaterThan(full - 40);
  await sheet.finger.up(300);
  await sheet.expectAt('full');
});

test('what moves under the finger is laid out once', async ({ people, town }) => {
  const { app, sheet } = await phone(people, town);
  await app.settled();
  const debug = await app.page.context().newCDPSession(app.page);
  await debug.send('Performance.enable');
  const layouts = async () => (await debug.send('Performance.getMetrics')).metrics.find(({ name }) => name === 'LayoutCount')!.value;
  await debug.send('Emulation.setCPUThrottlingRate', { rate: 4 });
  await sheet.finger.down(await middle(sheet.handle));
  await sheet.finger.move({ x: 0, y: -40 });
  const before = await layouts();
  await sheet.finger.move({ x: 0, y: -200 }, 640);
  // Forty steps; a minute may begin meanwhile, or a row come.
  expect((await layouts()) - before).toBeLessThanOrEqual(2);
  await sheet.finger.up();
  await sheet.expectAt('full');
});

test.describe('calm', () => {
  test.use({ contextOptions: { reducedMotion: 'reduce' } });

  test('nothing swings where less motion is wanted, and the finger is followed all the same', async ({ people, town }) => {
    const { app, sheet } = await phone(people, town);
    await app.page.emulateMedia({ reducedMotion: 'reduce' });
    await sheet.drag(70, 48);
    await sheet.expectAt('full');
    await sheet.handle.click();
    await sheet.expectAt('low');
    expect(await springs(app)).toEqual([]);
  });
});

test('at its top the content moves the sheet, else it scrolls, and a tap is a tap', async ({ people, town }) => {
  const { app, sheet } = await phone(people, town);
  const scrolled = () => app.main.evaluate((panel) => panel.scrollTop);
  const row = async () => middle(app.knot('Beet 1'));
  await sheet.finger.drag(await row(), { x: 0, y: -120 }, 200);
  await sheet.expectAt('full');
  expect(await scrolled(), 'it has not scrolled').toBe(0);
  // Full, it is read on.
  await sheet.finger.drag(await row(), { x: 0, y: -250 }, 400, 200);
  await expect.poll(scrolled).toBeGreaterThan(100);
  await sheet.expectAt('full');
  // And back to the top by the same finger, which does not pull the sheet along.
  await sheet.finger.drag({ x: 195, y: 300 }, { x: 0, y: 400 }, 400, 200);
  await expect.poll(scrolled).toBe(0);
  await sheet.expectAt('full');
  await sheet.finger.drag(await row(), { x: 0, y: 120 }, 200);
  await sheet.expectAt('half');
  // Across is neither.
  await sheet.finger.drag(await row(), { x: -120, y: 20 }, 200);
  await sheet.expectAt('half');
  await expect(app.heading(word('home_title')), 'none of it was a tap').toBeVisible();
  const at = await row();
  await app.page.touchscreen.tap(at.x, at.y);
  await expect(app.heading('Beet 1')).toBeVisible();
});

test('by keyboard it goes up and down, says so, and keeps the focus in sight', async ({ people, town }) => {
  const { app, sheet } = await phone(people, town);
  const handle = (key: string) => app.page.getByRole('button', { name: word(key), exact: true });
  await sheet.handle.focus();
  await expect(handle('sheet_half')).toHaveAttribute('aria-expanded', 'true');
  await app.page.keyboard.press('Enter');
  await sheet.expectAt('full');
  await expect(handle('sheet_full')).toBeFocused();
  await app.page.keyboard.press('Space');
  await sheet.expectAt('low');
  await expect(handle('sheet_low')).toHaveAttribute('aria-expanded', 'false');
  for (const height of ['half', 'full', 'full'] as const) {
    await app.page.keyboard.press('ArrowUp');
    await sheet.expectAt(height);
  }
  await app.page.keyboard.press('ArrowDown');
  await sheet.expectAt('half');
  await expect(handle('sheet_half')).toBeFocused();

  // Escape goes back by one.
  await app.knot('Beet 3').focus();
  await app.page.keyboard.press('Enter');
  await expect(app.heading('Beet 3')).toBeFocused();
  await handle('sheet_half').click();
  await sheet.expectAt('full');
  await app.page.keyboard.press('Escape');
  await sheet.expectAt('half');
  await expect(app.heading('Beet 3')).toBeVisible();
  await app.page.keyboard.press('Escape');
  await expect(app.heading(word('home_title'))).toBeVisible();
  await app.knot('Beet 3').focus();
  await app.page.keyboard.press('Escape');
  await sheet.expectAt('low');
  await expect(handle('sheet_low'), 'what was in the panel is not lost').toBeFocused();
});

test('over an open keyboard it takes what height there is, and the bar steps aside for what is typed', async ({ people, town }) => {
  const anna = await people.browser(await people.register('Anna'));
  await anna.open(town.view());
  await anna.bar.getByRole('link', { name: word('bar_weave_short') }).click();
  await expect(anna.heading(word('weave_title'))).toBeVisible();
  await anna.page.setViewportSize({ width: 390, height: 380 });
  await anna.titleField.click();
  await expect(anna.titleField).toBeInViewport({ ratio: 1 });
  await expect(anna.bar).toBeHidden();
  const header = (await anna.page.getByRole('banner').boundingBox())!;
  expect(Math.abs((await (await Sheet.of(anna)).top()) - header.height)).toBeLessThan(2);
  await anna.page.setViewportSize({ width: 390, height: 844 });
  await expect(anna.bar).toBeVisible();
});

test('axe finds nothing to complain about in a full sheet', async ({ people, town }) => {
  const anna = await people.browser(await people.register('Anna'));
  await anna.open(town.view());
  await anna.weave({ title: 'Wolle' });
  const sheet = await Sheet.of(anna);
  for (const colorScheme of ['light', 'dark'] as const) {
    await anna.page.emulateMedia({ colorScheme });
    for (const height of ['full', 'low', 'half'] as const) {
      await sheet.handle.click();
      await sheet.expectAt(height);
      await expectAccessible(anna.page, `a knot, ${height}, ${colorScheme}`);
    }
  }
  await anna.fillIn({ title: 'Noch mehr Wolle' });
  await sheet.handle.click();
  await sheet.expectAt('full');
  await expectAccessible(anna.page, 'the form in a full sheet');
});

test.describe('beside the map', () => {
  test.use({ ...WIDE, hasTouch: false, isMobile: false });

  test('there is nothing to drag, and Escape closes what is open, but not what is being typed', async ({ app, town, people }) => {
    const anna = await people.register('Anna');
    await people.signIn(app.page.context(), anna);
    await app.open(town.view());
    await expect(app.page.locator('.handle')).toBeHidden();
    await app.fillIn({ title: 'Beinahe' });
    await app.titleField.press('Escape');
    await expect(app.titleField).toHaveValue('Beinahe');
    await app.heading(word('weave_title')).click();
    await app.page.keyboard.press('Escape');
    await expect(app.heading(word('home_title'))).toBeVisible();
  });
});
