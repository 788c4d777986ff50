import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Browser, BrowserContext, Route, WebSocketRoute } from '@playwright/test';

import { Api } from '../harness/api.ts';
import { AppPage } from '../harness/app.ts';
import { expectAccessible } from '../harness/axe.ts';
import { MAP_FLAGS, PHONE, launchOptions } from '../harness/browser.ts';
import { GARNAU, ofAnotherSchema, test } from '../harness/ground.ts';
import { Guard, NO_NETWORK, status } from '../harness/guard.ts';
import { uuid7 } from '../harness/ids.ts';
import { APPLES, type Neighbourhood, weaveNeighbourhood } from '../harness/neighbourhood.ts';
import type { People } from '../harness/people.ts';
import { look } from '../harness/picture.ts';
import { Server } from '../harness/server.ts';
import { expect } from '../harness/test.ts';
import { word } from '../harness/words.ts';

/** To be looked at before a change is called done; git ignores them. */
const FOLDER = join(import.meta.dirname, '..', 'screenshots');
const DEVICES = [['phone', PHONE.viewport], ['desktop', { width: 1440, height: 900 }]] as const;

/** Drawn in software beside a server and PostgreSQL, a picture takes a second. */
test.describe.configure({ timeout: 240_000 });

/** Opens nothing yet: a page as wide as a phone on which nothing moves, so that a picture of it is one of a state. */
async function calm(app: AppPage): Promise<AppPage> {
  await app.page.setViewportSize(PHONE.viewport);
  await app.page.emulateMedia({ reducedMotion: 'reduce', colorScheme: 'light' });
  return app;
}

/** A state stays as it is while it is looked at: on a phone and on a desktop, in the light and in the dark. */
async function shoot({ page }: AppPage, name: string): Promise<void> {
  const debug = await page.context().newCDPSession(page);
  for (const [device, viewport] of DEVICES) {
    // A phone has fingers, and lays out for them.
    await debug.send('Emulation.setTouchEmulationEnabled', { enabled: device === 'phone' });
    await page.setViewportSize(viewport);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      // Twice: what the first picture of the page asks for is in the second. Where drawing in software leaves no idle moment, it is as it is.
      await page.evaluate(() => new Promise((rested) => requestAnimationFrame(() => requestAnimationFrame(() => requestIdleCallback(rested, { timeout: 500 })))));
      await page.screenshot({ path: join(FOLDER, `${device}-${colorScheme}`, `${name}.png`), animations: 'disabled' });
      // The narrow one in the light and the wide one in the dark have all the rest.
      if ((device === 'phone') === (colorScheme === 'light')) await expectAccessible(page, `${name}, ${device} in the ${colorScheme}`);
    }
  }
  await debug.detach();
  await calm(new AppPage(page));
}

/** One neighbourhood is enough for all pictures. */
let woven: Promise<Neighbourhood> | undefined;
const neighbourhood = (people: People) => (woven ??= weaveNeighbourhood(people, GARNAU));

test('nobody has woven yet', async ({ app }) => {
  await calm(app);
  await app.open('/');
  await app.expectMap();
  await expect(app.main).toContainText(word('home_empty_title'));
  await shoot(app, '40-nobody-yet');
});

test('a change that covers another’s', async ({ people, guard }) => {
  guard.expects(status(409));
  const { anna, node } = await neighbourhood(people);
  const one = await calm(await people.browser(anna));
  await one.open(GARNAU.view(15.5));
  await one.expectMap();
  await one.expectGround();
  await one.expectLive();
  await one.openKnot(APPLES);
  await one.change();
  await one.textField.fill('Steht jetzt im Keller.');
  const meanwhile = { act: 'change-node', node: node(APPLES), based_on: 1, text: 'Steht jetzt in der Garage.' } as const;
  await people.does(anna, meanwhile);
  await expect(one.main).toContainText(word('change_meanwhile'));
  await shoot(one, '41-changed-meanwhile');
  await one.save();
  await expect(one.version('version_mine')).toContainText('im Keller');
  await expect(one.version('version_other')).toContainText('in der Garage');
  await expect(one.main).toContainText(word('versions_text'));
  await shoot(one, '42-two-versions');
  await one.decide('versions_other');
  await one.expectWaiting(0);
});

test('PostgreSQL is frozen while one looks', async ({ people, server, guard }) => {
  guard.expects(...NO_NETWORK, status(503));
  const { cem } = await neighbourhood(people);
  const one = await calm(await people.browser(cem));
  await one.open(GARNAU.view(15.5));
  await one.expectMap();
  await one.expectGround();
  await one.expectLive();
  await server.signalDatabase('SIGSTOP');
  try {
    await expect(one.line).toContainText(word('line_unanswered'), { timeout: 40_000 });
    await expect(one.main).toContainText(word('line_unanswered_text'));
    await shoot(one, '43-database-frozen');
    await one.openKnot('Ein Bett für zwei Nächte');
    await one.join();
    await one.expectWaiting(1);
    await shoot(one, '44-database-frozen-acted');
    const guest = await calm(await people.browser());
    await guest.page.goto(GARNAU.view(15.5), { timeout: 40_000 });
    await expect(guest.heading(word('failed_away_title'))).toBeVisible();
    await expect(guest.main.getByRole('link', { name: word('failed_again') })).toBeVisible();
    await shoot(guest, '45-database-frozen-anew');
  } finally {
    await server.signalDatabase('SIGCONT');
  }
  await one.expectLive();
  await one.expectWaiting(0);
});

test('on its way, refused, not found', async ({ people, guard, server }) => {
  guard.expects(...NO_NETWORK, status(404), status(422));
  const { anna, bert } = await neighbourhood(people);
  const one = await calm(await people.browser(bert));
  // From elsewhere, so that no room has the knot.
  await one.open(`/rolle/${anna.role}?@-48.87660,-123.39330,15.00`);
  await one.expectLive();
  const held: Route[] = [];
  let isHeld = true;
  await one.page.route('**/api/page?**', (route) => (isHeld ? void held.push(route) : route.abort('connectionrefused')));
  await one.main.getByRole('link', { name: APPLES }).first().click();
  await expect(one.heading(word('loading'))).toBeVisible();
  await shoot(one, '46-loading');
  isHeld = false;
  for (const route of held) await route.abort('connectionrefused');
  await expect(one.heading(word('away_title'))).toBeVisible();
  await expect(one.main).toContainText(word('away_text'));
  await shoot(one, '47-away');
  await one.page.unroute('**/api/page?**');

  await one.open(GARNAU.view(15.5));
  await one.expectMap();
  await one.expectLive();
  await one.fillIn({ title: 'W'.repeat(300), text: 'Aus einem Wort.' });
  await one.send();
  await expect(one.main).toContainText(word('refusal_title_length', { max: 120, got: 300 }));
  await shoot(one, '48-refused');

  // Twisted on another device: what one does here comes back.
  await one.openKnot('Ein Bett für zwei Nächte');
  await one.page.context().setOffline(true);
  await one.expectNotLive();
  await one.twist();
  await people.twistAll(bert, (await neighbourhood(people)).node('Ein Bett für zwei Nächte'));
  await one.home();
  await one.page.context().setOffline(false);
  await expect(one.main.getByRole('link', { name: word('back_see') })).toBeVisible({ timeout: 40_000 });
  await expect(one.main).toContainText(word('refusal_already_twisted'));
  await shoot(one, '49-came-back');

  await one.page.close();
  const guest = await calm(await people.browser());
  for (const [path, title, name] of [
    [`/knoten/${uuid7()}`, word('node_missing_title'), '50-no-such-knot'],
    [`/rolle/${uuid7()}`, word('role_missing_title'), '51-no-such-role'],
    ['/gibt/es/nicht', word('unknown_title'), '52-no-such-address'],
  ] as const) {
    await guest.open(path);
    await guest.expectMap();
    await expect(guest.heading(title)).toBeVisible();
    await expect(guest.main.locator('.content').getByRole('link').last(), 'it leads on').toBeVisible();
    await shoot(guest, name);
  }
  await guest.page.goto(`${server.url}/postfach?token=falsch`);
  await expect(guest.heading(word('failed_missing_title'))).toBeVisible();
  await shoot(guest, '53-no-such-document');
});

test('how the line stands', async ({ people, guard }) => {
  guard.expects(...NO_NETWORK);
  const { anna } = await neighbourhood(people);
  const one = await calm(await people.browser(anna));
  const opened: WebSocketRoute[] = [];
  let channel: 'whole' | 'silent' | 'cut' = 'whole';
  await one.page.routeWebSocket(/\/ws$/, async (socket) => {
    if (channel === 'cut') return socket.close({ code: 1001 });
    if (channel === 'whole') socket.connectToServer();
    opened.push(socket);
  });
  await one.open(GARNAU.view(15.5));
  await one.expectMap();
  await one.expectGround();
  await one.expectLive();
  channel = 'silent';
  for (const socket of opened.splice(0)) await socket.close({ code: 1001 });
  await expect(one.line).toContainText(word('line_reconnecting'));
  await shoot(one, '54-reconnecting');
  channel = 'cut';
  for (const socket of opened.splice(0)) await socket.close({ code: 1001 });
  await expect(one.main).toContainText(word('line_deaf_text'), { timeout: 60_000 });
  await shoot(one, '55-not-live');
  await one.page.context().setOffline(true);
  await expect(one.main).toContainText(word('line_offline_text'));
  await one.weave({ title: 'Ohne Netz geknüpft', text: 'Das wartet hier.' });
  await one.home();
  await expect(one.knot('Ohne Netz geknüpft')).toContainText(word('waiting_kept'));
  await shoot(one, '56-offline');
  await one.me();
  await expect(one.waiting('Ohne Netz geknüpft')).toBeVisible();
  await shoot(one, '57-offline-waiting');
  await one.withdrawButton('Ohne Netz geknüpft').click();
});

test('browsers that can do less', async ({ people, playwright, server, guard }) => {
  guard.expects(...NO_NETWORK, /WebAssembly is not defined/, /Failed to fetch/);
  const { anna, node } = await neighbourhood(people);
  const open = async (browser: Browser, prepare?: (context: BrowserContext) => Promise<unknown>) => {
    const context = await browser.newContext({ baseURL: server.url, viewport: PHONE.viewport });
    await guard.watch(context);
    await prepare?.(context);
    return calm(new AppPage(await context.newPage()));
  };

  const flat = await playwright.chromium.launch(launchOptions());
  const mapless = await open(flat);
  await mapless.open(GARNAU.view(15.5));
  await mapless.expectLive();
  await expect(mapless.main).toContainText(word('mapless'));
  await expect(mapless.knot(APPLES)).toBeVisible();
  await shoot(mapless, '58-no-webgl');
  await flat.close();

  // So it is in a protected mode too; what is missing is the same.
  const old = await playwright.chromium.launch(launchOptions(['--js-flags=--jitless']));
  const guest = await open(old);
  await guest.page.goto(GARNAU.view(15.5));
  expect(await guest.page.evaluate(() => 'WebAssembly' in window)).toBe(false);
  await expect(guest.main.getByText(word('still_old'))).toBeVisible();
  await expect(guest.main.getByText(word('without_script'))).toHaveCount(0);
  await expect(guest.knot(APPLES)).toBeVisible();
  await expect(guest.bar.getByRole('link', { name: word('me_sign_in') }), 'it would lead to nothing').toHaveCount(0);
  await shoot(guest, '59-old-browser');
  await guest.page.goto(`/knoten/${node(APPLES)}`);
  await expect(guest.main.getByText(word('still_old'))).toBeVisible();
  await shoot(guest, '60-old-browser-knot');
  await guest.page.goto('/weben');
  await expect(guest.main.getByText(word('still_old'))).toBeVisible();
  await expect(guest.main.getByText(word('needs_script')), 'in place of the form').toBeVisible();
  await shoot(guest, '61-old-browser-weaving');
  await old.close();

  // An extension holds back one half of the client or the other; the reason is told once, with a way on.
  const browser = await playwright.chromium.launch(launchOptions());
  for (const [held, name] of [['**/weltgewebe.*.js', '62-script-blocked'], ['**/*.wasm', '63-wasm-blocked']] as const) {
    const blocked = await open(browser, (context) => context.route(held, (route) => route.abort('blockedbyclient')));
    await blocked.page.goto(GARNAU.view(15.5));
    await expect(blocked.main.getByText(word('still_missing'))).toBeVisible();
    await expect(blocked.main.getByRole('button', { name: word('broken_button') })).toBeVisible();
    await expect(blocked.knot(APPLES)).toBeVisible();
    await shoot(blocked, name);
    await blocked.page.context().unroute(held);
    await blocked.main.getByRole('button', { name: word('broken_button') }).click();
    await blocked.expectAwake();
    await expect(blocked.main.getByText(word('still_missing'))).toHaveCount(0);
  }
  await browser.close();

  const forgetful = await calm(await people.browser(anna));
  // As where all cookies are blocked: there is no database, and asking for the rest is an error.
  await forgetful.page.addInitScript(() => {
    Object.defineProperty(window, 'indexedDB', { value: undefined });
    for (const name of ['sessionStorage', 'localStorage']) {
      Object.defineProperty(window, name, {
        get() {
          throw new DOMException('denied', 'SecurityError');
        },
      });
    }
  });
  await forgetful.open(GARNAU.view(15.5));
  await forgetful.expectLive();
  await forgetful.fillIn({ title: 'Wird nicht behalten', text: 'Nirgends.' });
  await forgetful.send();
  await expect(forgetful.main.getByRole('alert').filter({ hasText: word('notice_not_kept') }), 'it is seen where one is').toBeInViewport();
  await expect(forgetful.titleField).toHaveValue('Wird nicht behalten');
  await shoot(forgetful, '64-keeps-nothing');
});

test('the map loses what it draws with', async ({ people, app, guard }) => {
  guard.expects(/WebGL/);
  await neighbourhood(people);
  const { page } = app;
  await calm(app);
  await app.open(GARNAU.view(15.5));
  await app.expectMap();
  await app.expectGround();
  await app.expectLive();
  const whole = await look(page);
  const context = (act: 'loseContext' | 'restoreContext') =>
    page.evaluate((act) => {
      const kept = Reflect.get(window, 'kept') ?? document.querySelector('canvas')!.getContext('webgl2')!.getExtension('WEBGL_lose_context');
      Reflect.set(window, 'kept', kept);
      kept[act]();
    }, act);
  await context('loseContext');
  await expect(page.locator('#map[data-drawn]')).toHaveCount(0);
  await expect(app.knot(APPLES)).toBeVisible();
  await shoot(app, '65-map-lost');
  await context('restoreContext');
  await app.expectMap();
  await expect.poll(async () => (await look(page, whole.png)).changed, 'it looks as before').toBeLessThan(2000);
  await shoot(app, '66-map-back');
  await context('loseContext');
  await expect(app.main).toContainText(word('mapless'), { timeout: 40_000 });
  await shoot(app, '67-map-given-up');
});

test('the base map goes and comes', async ({ people, file, guard }) => {
  guard.expects(status(503));
  await neighbourhood(people);
  const whole = await readFile(file);
  const other = ofAnotherSchema(whole);
  for (const [what, name] of [[whole.subarray(0, whole.length / 2), '68-base-map-cut'], [other, '69-base-map-of-another-schema'], [undefined, '70-base-map-gone']] as const) {
    if (what) await writeFile(file, what);
    else await rm(file);
    const one = await calm(await people.browser());
    await one.open(GARNAU.view(15.5));
    await one.expectMap();
    await one.expectLive();
    await expect(one.credit).toContainText(word('map_away'));
    await expect(one.knot(APPLES)).toBeVisible();
    await shoot(one, name);
    if (what) {
      // A map that nobody looks at is drawn all the same.
      await one.page.close();
      continue;
    }
    // Another one is put in its place while somebody looks: it comes by itself, with its credit.
    await writeFile(file, whole);
    await one.expectGround();
    await expect(one.credit).not.toContainText(word('map_away'));
    await shoot(one, '71-base-map-back');
  }
});

test('what people write', async ({ people, town }) => {
  const anna = await people.register('Änne ✂️ die Schneiderin mit dem sehr langen Namen', { show: 'exact', place: town.at(0, -60) });
  const titles = ['Ω'.repeat(120), 'Säge 🪚 und Leiter 👩‍👩‍👧‍👦', 'مكتبة الحي للجميع، كل يوم أحد', 'ספריית השכונה', 'Lesekreis'];
  const long = `${'Ein300BuchstabenLangesWort'.repeat(12)}`.slice(0, 300);
  const nodes = titles.map(() => uuid7());
  for (const [i, title] of titles.entries()) {
    await people.does(anna, {
      act: 'knot-node', node: nodes[i]!, kind: 'idea', title, text: `${long} ${title}`, place: town.at(i % 2 ? 110 : -110, 140 - i * 60), starts_at: null,
    });
  }
  const one = await calm(await people.browser(anna));
  await one.open(town.view(16));
  await one.expectMap();
  await one.expectLive();
  for (const title of titles) await expect(one.knot(title)).toBeVisible();
  await shoot(one, '72-titles');
  for (const [i, name] of [[0, '73-one-word'], [1, '74-emoji'], [2, '75-right-to-left']] as const) {
    await one.open(`/knoten/${nodes[i]}`);
    await one.expectMap();
    await expect(one.heading(titles[i]!)).toBeVisible();
    await expect(one.main).toContainText(long);
    expect(await one.page.evaluate(() => document.documentElement.scrollWidth - innerWidth), 'nothing is wider than the window').toBeLessThanOrEqual(0);
    await shoot(one, name);
  }
});

test('the clock of the device is wrong by days', async ({ people, api }) => {
  const { bert, node } = await neighbourhood(people);
  for (const [days, name] of [[6, '76-clock-ahead'], [-6, '77-clock-behind']] as const) {
    const one = await calm(await people.browser(bert));
    await one.page.addInitScript((ms) => {
      const now = Date.now.bind(Date);
      Date.now = () => now() + ms;
    }, days * 24 * 60 * 60 * 1000);
    await one.open(`/knoten/${node('Straßenfest am Körnermarkt')}`);
    await one.expectMap();
    await one.expectLive();
    // As on every other device: what was knotted just now is not days old, and is not about to fade.
    await expect(one.main.locator('.byline')).toContainText(/gerade eben|vor \d Minuten?/);
    if (days > 0) await one.join();
    else await one.renew();
    await one.expectWaiting(0);
    await expect(one.main).toContainText(word('left_days', { n: 7 }));
    await shoot(one, name);
    await one.page.close();
  }
  const joined = (await api.threads(node('Straßenfest am Körnermarkt'))).find((thread) => thread.role === bert.role && thread.kind === 'join');
  expect(Math.round((joined!.expires_at! - Date.now()) / (24 * 60 * 60 * 1000)), 'the server’s clock counts').toBe(7);
});

test('a knot that has come undone, by its address', async ({ playwright }) => {
  // The demo's month has such knots; nothing else makes time pass.
  const server = await Server.demo();
  const browser = await playwright.chromium.launch(launchOptions(MAP_FLAGS));
  const guard = new Guard(server.port);
  guard.expects(status(410));
  try {
    const context = await browser.newContext({ baseURL: server.url, viewport: PHONE.viewport, locale: 'de-DE', timezoneId: 'Europe/Vienna' });
    await guard.watch(context);
    const guest = await calm(new AppPage(await context.newPage()));
    const undone = (await new Api(server).log()).find((line) => line.payload.type === 'KnotenAufgeloest');
    const answer = await guest.page.goto(`/knoten/${undone!.stream.replace('node/', '')}`);
    expect(answer!.status()).toBe(410);
    await guest.expectAwake();
    await guest.expectMap();
    await expect(guest.main).toContainText(word('node_gone_title'));
    await expect(guest.main).toContainText(word('node_gone'));
    await shoot(guest, '78-come-undone');
    await guest.open('/');
    await guest.expectMap();
    await guest.expectLive();
    await shoot(guest, '79-demo');
    expect(guard.found).toEqual([]);
  } finally {
    await browser.close();
    await server.remove();
  }
});

test('what else there is to see', async ({ people, guard, server }) => {
  guard.expects(status(404));
  const { anna, bert } = await neighbourhood(people);
  await people.does(bert, {
    act: 'describe-role',
    about: 'Zimmermann. Samstags ist die Werkstatt offen, Kaffee steht da.',
    goods: ['Hobelbank', 'Leiter 6 m', 'Handkreissäge'],
    skills: ['Dächer ausbessern'],
    languages: ['Deutsch', 'العربية'],
  });
  const one = await calm(await people.browser(anna));
  await one.open(GARNAU.view(15.5));
  await one.expectMap();
  await one.expectGround();
  await one.expectLive();
  const lenses = one.main.getByRole('navigation', { name: word('lens_title') });
  await lenses.getByRole('link', { name: word('kind_tool') }).click();
  await expect(one.page.locator('.lensed')).toBeVisible();
  await shoot(one, '80-through-a-lens');
  await one.open(`${GARNAU.view(15.5)}&linse=bed.garn.meine`);
  await one.expectMap();
  await one.expectLive();
  await expect(one.main).toContainText(word('lens_nothing'));
  await shoot(one, '81-lens-shows-nothing');
  await one.open(GARNAU.view(15.5));
  await one.expectMap();
  await one.expectLive();
  await one.fillIn({ title: 'Apfelpresse' });
  await expect(one.main).toContainText(word('alike_title'));
  await shoot(one, '82-alike');
  await one.page.goBack();
  for (const [button, name] of [['sheet_half', '83-sheet-full'], ['sheet_full', '84-sheet-low']] as const) {
    await one.page.getByRole('button', { name: word(button) }).click();
    await expect(one.page.locator('.sheet:not([data-moving])')).toBeAttached();
    await shoot(one, name);
  }
  await one.open(`/rolle/${bert.role}`);
  await one.expectMap();
  await expect(one.main).toContainText('Hobelbank');
  await shoot(one, '85-role');
  await one.openKnot(APPLES);
  await one.main.locator('.thread .left').first().click();
  await expect(one.page).toHaveURL(/\/faden\//);
  await one.expectMap();
  await shoot(one, '86-thread');
  await one.open(`/faden/${uuid7()}`);
  await one.expectMap();
  await expect(one.heading(word('thread_missing_title'))).toBeVisible();
  await shoot(one, '87-no-such-thread');
  await one.me();
  await one.main.getByRole('heading', { name: word('me_profile_title') }).scrollIntoViewIfNeeded();
  await shoot(one, '88-me-about');
  await one.open(GARNAU.view(15.5));
  await one.expectMap();
  await one.fillIn({ title: 'Hoffest', kind: 'event', startsAt: new Date(Date.now() + 7 * 24 * 60 * 60 * 1000) });
  await one.main.getByLabel(word('weave_zone')).scrollIntoViewIfNeeded();
  await shoot(one, '92-event');
  await server.grant('--admin', anna.role, '--reason', 'Von Anfang an dabei');
  for (const [path, name] of [
    [`/teilen?zu=/rolle/${bert.role}`, '89-share'],
    ['/ueber', '90-about'],
    ['/_style', '91-style'],
    [`/rolle/${bert.role}/rechte`, '93-rights'],
    ['/gemeinschaft', '94-community'],
  ] as const) {
    await one.page.goto(path);
    await shoot(one, name);
  }
});
