import type { AppPage } from '../harness/app.ts';
import { expectAccessible } from '../harness/axe.ts';
import { PHONE, WIDE } from '../harness/browser.ts';
import { Finger, type Point } from '../harness/finger.ts';
import { uuid7 } from '../harness/ids.ts';
import { APPLES, weaveNeighbourhood } from '../harness/neighbourhood.ts';
import { type Box, clearOfPanels, look, still } from '../harness/picture.ts';
import { HEADER } from '../harness/screen.ts';
import { field, openSearch, titles } from '../harness/search.ts';
import { expect, test } from '../harness/test.ts';
import { like, word } from '../harness/words.ts';

/** Metres of a pixel at zoom 16 where the towns are. */
const METRES = (Math.cos((46 * Math.PI) / 180) * 40_075_017) / (512 * 2 ** 16);

/** A point of the map that no panel covers. */
async function free(app: AppPage, east = 0, north = 0): Promise<Point> {
  const { width, height } = app.page.viewportSize()!;
  const isPhone = width < 960;
  const panel = isPhone ? 0 : (await app.page.locator('.sheet').boundingBox())!.width;
  return { x: panel + (width - panel) / 2 + east, y: height * (isPhone ? 0.225 : 0.5) + HEADER / 2 - north };
}

/** The part of the map around a point of it. */
const around = ({ x, y }: Point, far: number): Box => ({ x: x - far, y: y - far, width: 2 * far, height: 2 * far });

/** How many pixels of a part of someone's map differ from an earlier picture of it. */
const changed = (app: AppPage, before: { png: Buffer }, part?: Box) => async () => (await look(app.page, before.png, undefined, part)).changed;

/** How often someone has tapped, clicked or pressed since `countTaps`. */
async function countTaps({ page }: AppPage): Promise<() => Promise<number>> {
  await page.evaluate(() => {
    Reflect.set(window, 'taps', 0);
    addEventListener('pointerdown', () => Reflect.set(window, 'taps', (Reflect.get(window, 'taps') as number) + 1), true);
  });
  return () => page.evaluate(() => Reflect.get(window, 'taps') as number);
}

/** Holds a finger on the map until the form opens, or clicks with the other button of a mouse. */
async function press(app: AppPage, at: Point, isPhone: boolean): Promise<void> {
  if (!isPhone) {
    await app.page.mouse.click(at.x, at.y, { button: 'right' });
    return;
  }
  const finger = await Finger.of(app.page);
  await finger.down(at);
  const ring = app.page.locator('.map-press[data-held]');
  await expect(ring, 'the map answers under the finger').toBeAttached();
  const { x, y, width, height } = (await ring.boundingBox())!;
  expect(Math.hypot(x + width / 2 - at.x, y + height / 2 - at.y)).toBeLessThan(3);
  await expect(app.heading(word('weave_title'))).toBeVisible();
  await finger.up();
  await expect(ring).toHaveCount(0);
}

async function tap({ page }: AppPage, { x, y }: Point, isPhone: boolean): Promise<void> {
  await (isPhone ? page.touchscreen.tap(x, y) : page.mouse.click(x, y));
}

for (const [device, screen] of [['phone', PHONE], ['desktop', WIDE]] as const) {
  test.describe(device, () => {
    test.use({ viewport: screen.viewport, hasTouch: device === 'phone', isMobile: device === 'phone' });

    test('flow 1: one opens the link, sees the weave, and explores it without an account', async ({ people, town }) => {
      const weave = await weaveNeighbourhood(people, town);
      const guest = await people.browser();
      await guest.page.goto(town.view(16));
      // Before any script: the list, and the weave as a picture.
      await expect(guest.main.getByRole('list').getByRole('listitem')).toHaveCount(weave.knots.size);
      await expect(guest.page.locator('.first-weave')).toBeAttached();
      await guest.expectAwake();
      await guest.expectMap();
      await expect.poll(async () => (await look(guest.page)).colours, 'the weave is drawn').toBeGreaterThan(40);
      await guest.mark();
      await guest.knot(APPLES).first().click();
      await expect(guest.heading(APPLES)).toBeFocused();
      await expect(guest.page).toHaveURL(new RegExp(`/knoten/${weave.node(APPLES)}\\?@`));
      await expect(guest.main, 'what takes an account says so').toContainText(word('node_guest'));
      await expect(guest.main).toMatchAriaSnapshot(`
        - main "Inhalt":
          - text: Werkzeug
          - heading "Apfelpresse ausleihen" [level=1]
          - link "Teilen"
          - link "Schließen":
            - /url: /
          - paragraph:
            - text: Geknüpft von
            - link "Anna Amsel"
            - text: ·
            - time
          - paragraph: Steht im Hof hinter dem blauen Tor. Bitte nach dem Spülen zurückbringen.
          - term: Hält bis
          - definition:
            - time
            - text: ", oder solange das Garn von Anna Amsel hält"
          - term: Dabei
          - definition:
            - link "Cem"
            - text: ","
            - link "Bert vom Berg"
          - term: Ort
          - definition:
            - button "Auf der Karte zeigen"
          - paragraph: Melde dich an, um mit einem Faden dabei zu sein.
          - link "Anmelden":
            - /url: /anmelden
          - heading "Gespräch" [level=2]
          - paragraph:
            - text: Melde dich an, um mitzureden.
            - link "Anmelden":
              - /url: /anmelden
          - paragraph: Noch hat hier niemand etwas gesagt.
          - heading "Fäden" [level=2]
          - list:
            - listitem:
              - link "Anna Amsel"
              - text: hat geknüpft
              - link "Anna Amsel, hat geknüpft, Garn"
            - listitem:
              - link "Cem"
              - text: ist dabei
              - link "Cem, ist dabei, noch 7 Tage"
            - listitem:
              - link "Bert vom Berg"
              - text: ist dabei
              - link "Bert vom Berg, ist dabei, noch 7 Tage"
      `);
      await guest.main.getByRole('link', { name: 'Bert vom Berg', exact: true }).first().click();
      await expect(guest.heading('Bert vom Berg')).toBeVisible();
      await expect(guest.page).toHaveURL(new RegExp(`/rolle/${weave.bert.role}\\?@`));
      await expect(guest.main).toMatchAriaSnapshot(`
        - main "Inhalt":
          - text: Garnrolle
          - heading "Bert vom Berg" [level=1]
          - link "Teilen"
          - link "Schließen":
            - /url: /
          - term: Hier seit
          - definition:
            - time
          - term: Ort
          - definition:
            - text: /Ungefähr auf der Karte, im Umkreis von \\d+ m\\./
            - button "Auf der Karte zeigen"
          - heading "Fäden und Garn" [level=2]
          - list:
            - listitem:
              - link "Straßenfest am Körnermarkt"
              - text: redet mit
              - link "Straßenfest am Körnermarkt, redet mit, noch 7 Tage"
            - listitem:
              - link "Apfelpresse ausleihen"
              - text: ist dabei
              - link "Apfelpresse ausleihen, ist dabei, noch 7 Tage"
            - listitem:
              - link "Hochbeete hinter der Schule"
              - text: hat geknüpft
              - link "Hochbeete hinter der Schule, hat geknüpft, noch 7 Tage"
            - listitem:
              - link "Ein Bett für zwei Nächte"
              - text: hat geknüpft
              - link "Ein Bett für zwei Nächte, hat geknüpft, noch 7 Tage"
          - paragraph: /Stand von \\d+:\\d+ – diese Liste wird nicht live nachgeführt\\./
      `);
      await guest.page.goBack();
      await expect(guest.heading(APPLES)).toBeVisible();
      await guest.page.goBack();
      await expect(guest.heading(word('home_title'))).toBeVisible();
      await guest.page.goForward();
      await expect(guest.heading(APPLES)).toBeVisible();
      await guest.expectMarked();
    });

    test('flow 3: a knot is woven where one presses long, in four taps, and another sees it, opens it and joins', async ({ people, town, api }) => {
      test.slow();
      const anna = await people.browser(await people.register('Anna'));
      const bert = await people.browser(await people.register('Bert'));
      for (const someone of [bert, anna]) {
        await someone.open(town.view(16));
        await someone.expectMap();
        await someone.expectLive();
        await someone.mark();
      }
      const empty = await still(bert.page);
      const before = await api.head();
      const taps = await countTaps(anna);
      await press(anna, await free(anna, 60, 40), device === 'phone');
      await expect(anna.heading(word('weave_title'))).toBeVisible();
      await expect(anna.page).toHaveURL(/\/weben\?@/);
      await expect(anna.main, 'the place is there already').toContainText(word('weave_place_chosen'));
      await expect(anna.page.locator('.map-mark')).toBeVisible();
      await expect(anna.main).toMatchAriaSnapshot(`
        - main "Inhalt":
          - heading "Knoten knüpfen" [level=1]
          - link "Schließen":
            - /url: /
          - group "Was ist es?":
            - text: ""
            - radio "Idee" [checked]
            - text: Idee
            - radio "Ereignis"
            - text: Ereignis
            - radio "Ort"
            - text: Ort
            - radio "Werkzeug"
            - text: Werkzeug
            - radio "Bett"
            - text: Bett
          - text: Titel
          - paragraph: Kurz und so, dass Nachbarn es verstehen.
          - textbox "Titel"
          - text: Beschreibung
          - paragraph: /^Darf leer bleiben\. Was geht/
          - textbox "Beschreibung"
          - group "Wo?":
            - text: ""
            - paragraph: /\\d+,\\d+° N, \\d+,\\d+° O/
            - paragraph: Auf der Karte gewählt.
            - button "Mein Standort"
          - button "Jetzt knüpfen"
          - paragraph: Der Knoten hält, solange ein Faden ihn hält – deiner sieben Tage, als Garn für immer.
      `);
      await expectAccessible(anna.page, 'the form to weave');
      await anna.titleField.click();
      await anna.page.keyboard.type('Bank unter der Linde');
      await anna.choose(word('kind_place'));
      await anna.send();
      await expect(anna.heading('Bank unter der Linde')).toBeVisible();
      expect(await taps(), 'there, called so, of this kind, done').toBe(4);
      await expect(anna.page).toHaveURL(/\/knoten\/[0-9a-f-]+\?@/);
      await anna.expectWaiting(0);
      const [knotted] = (await api.log(before)).filter((line) => line.payload.type === 'KnotenGeknuepft');
      const { lat, lon } = knotted!.payload['place'] as { lat: number; lon: number };
      const meant = town.at(60 * METRES, 40 * METRES);
      expect(Math.hypot(lat - meant.lat, lon - meant.lon) / 1e7, 'it lies where the finger was').toBeLessThan((4 * METRES) / 80_000);
      await test.step('it is in the list and on the map of another, who joins', async () => {
        await expect(bert.knot('Bank unter der Linde')).toContainText(word('threads_one'));
        await expect.poll(changed(bert, empty), 'it is drawn').toBeGreaterThan(150);
        // On a map that was empty, what is new is this knot with its name and the tuft of who is not on the map.
        const there = await free(bert, 60, 40);
        const { nearest } = await look(bert.page, empty.png);
        expect(Math.hypot(nearest.x - there.x, nearest.y - there.y), 'where she meant it').toBeLessThan(40);
        await tap(bert, there, device === 'phone');
        await expect(bert.heading('Bank unter der Linde')).toBeVisible();
        await expect(bert.page).toHaveURL(/\/knoten\/[0-9a-f-]+\?@/);
        await expect(bert.main.getByRole('listitem').filter({ hasText: 'Anna' })).toContainText(word('thread_create'));
        await expect(bert.main).toContainText(word('kind_place'));
        await bert.join();
        await expect(anna.main.getByRole('listitem').filter({ hasText: 'Bert' }), 'who wove it sees who joins').toContainText(word('thread_join'));
      });
      await test.step('another who begins to weave the same is shown it', async () => {
        await bert.fillIn({ title: 'Bank unter Linden' });
        const alike = bert.main.getByRole('status').filter({ hasText: word('alike_title') });
        await expect(alike.getByRole('link')).toContainText('Bank unter der Linde');
        await bert.expectMarked();
      });
      // The form is done with: back leads to where it was opened from.
      await anna.page.goBack();
      await expect(anna.heading(word('home_title'))).toBeVisible();
      await expect(anna.knot('Bank unter der Linde')).toContainText(word('threads_many', { n: 2 }));
      await anna.expectMarked();
    });

    test('flow 3: what lies low is brought out from under the form, and (+) means the middle of the view', async ({ people, town, api }) => {
      const anna = await people.browser(await people.register('Anna'));
      await anna.open(town.view(16));
      await anna.expectMap();
      await anna.expectLive();
      if (device === 'phone') {
        await anna.bar.getByRole('button', { name: word('bar_map') }).click();
        await expect(anna.page.locator('[data-sheet=low] .sheet:not([data-moving])'), 'the panel has come to rest').toBeAttached();
        const { width, height } = anna.page.viewportSize()!;
        await press(anna, { x: width / 2, y: height * 0.7 }, true);
        await expect(anna.main.getByRole('radio', { checked: true }), 'letting go has tapped nothing in the form').toHaveValue('idea');
        const shown = await clearOfPanels(anna.page);
        await expect
          .poll(async () => {
            const { y, height: tall } = (await anna.page.locator('.map-mark').boundingBox())!;
            return y + tall < shown.y + shown.height;
          })
          .toBe(true);
        await anna.page.goBack();
        await anna.open(town.view(16));
        await anna.expectMap();
      }
      const before = await api.head();
      await anna.fillIn({ title: 'Mittendrin' });
      await expect(anna.main).toContainText(word('weave_place_middle'));
      await anna.send();
      await expect(anna.heading('Mittendrin')).toBeVisible();
      await anna.expectWaiting(0);
      const [knotted] = (await api.log(before)).filter((line) => line.payload.type === 'KnotenGeknuepft');
      const { lat, lon } = knotted!.payload['place'] as { lat: number; lon: number };
      expect(Math.hypot(lat - town.at().lat, lon - town.at().lon)).toBeLessThan(300);
    });

    test('flow 4: one joins a knot, talks on it, and twists one’s thread, and another sees each of it and answers', async ({ people, town }) => {
      test.slow();
      const weave = await weaveNeighbourhood(people, town);
      const anna = await people.browser(weave.anna);
      await anna.open(town.view(16, `/knoten/${weave.node(APPLES)}`));
      await anna.expectMap();
      await anna.expectLive();
      await anna.mark();
      const annas = {
        /** The threads of the knot that are Dora's. */
        threads: anna.main.getByRole('listitem').filter({ has: anna.page.getByRole('link', { name: 'Dora', exact: true }) }),
        log: anna.main.getByRole('log', { name: word('talk_title') }),
        // Dora's thread will hang between her and the knot, some pixels beside the straight way.
        between: around(await free(anna, 80 / METRES, 40 / METRES), 24),
      };
      const dora = await people.browser(await people.register('Dora', { show: 'exact', place: town.at(120, 20) }));
      await dora.open(town.view(16));
      await dora.expectMap();
      await dora.expectLive();
      await dora.knot(APPLES).first().click();
      await expect(dora.heading(APPLES)).toBeVisible();
      const knot = new RegExp(`/knoten/${weave.node(APPLES)}\\?@`);
      await expect(dora.page).toHaveURL(knot);
      await expect(annas.threads).toHaveCount(0);
      const apart = await still(anna.page, annas.between);
      await dora.join();
      await expect(dora.main.getByRole('listitem').filter({ hasText: 'Dora' }).first()).toContainText(word('thread_join'));
      await expect(annas.threads).toContainText(word('thread_join'));
      await expect.poll(changed(anna, apart, annas.between), 'a thread is drawn between them').toBeGreaterThan(20);
      await dora.main.getByRole('textbox', { name: word('talk_message') }).fill('Ich bringe Kisten mit.');
      await dora.main.getByRole('button', { name: word('talk_submit') }).click();
      const said = dora.main.getByRole('log', { name: word('talk_title') }).getByRole('listitem').filter({ hasText: 'Ich bringe Kisten mit.' });
      await expect(said).toHaveCount(1);
      await dora.expectWaiting(0);
      await expect(annas.log.getByRole('listitem')).toContainText('Ich bringe Kisten mit.');
      await expect(annas.threads, 'she holds the knot by a second thread').toHaveCount(3);
      const tied = await still(anna.page, annas.between);
      const twist = dora.main.getByRole('button', { name: [word('node_twist'), word('thread_of_join')].join(', '), exact: true });
      await twist.click();
      await expect(dora.main.getByRole('button', { name: [word('node_untwist'), word('thread_of_join')].join(', '), exact: true })).toBeVisible();
      await dora.expectWaiting(0);
      const yarn = ['Dora', word('thread_join'), word('left_yarn')].join(', ');
      await expect(anna.main.getByRole('link', { name: yarn, exact: true })).toBeVisible();
      await expect.poll(changed(anna, tied, annas.between), 'yarn is drawn otherwise').toBeGreaterThan(20);
      await expect(dora.page, 'all of it on one panel').toHaveURL(knot);
      await expect(dora.main).toMatchAriaSnapshot(`
        - main "Inhalt":
          - text: Werkzeug
          - heading "Apfelpresse ausleihen" [level=1]
          - link "Teilen"
          - link "Schließen":
            - /url: /
          - paragraph:
            - text: Geknüpft von
            - link "Anna Amsel"
            - text: ·
            - time
          - paragraph: Steht im Hof hinter dem blauen Tor. Bitte nach dem Spülen zurückbringen.
          - term: Hält bis
          - definition:
            - time
            - text: ", oder solange das Garn von Dora und Anna Amsel hält"
          - term: Dabei
          - definition:
            - link "Dora"
            - text: ","
            - link "Cem"
            - text: ","
            - link "Bert vom Berg"
          - term: Ort
          - definition:
            - button "Auf der Karte zeigen"
          - group "Wie bist du dabei?":
            - button "Interessiert mich"
            - button "Ich bin dabei" [pressed]
            - button "Ich kümmere mich"
          - paragraph: Dein Garn hält. Wie du dabei bist, kannst du jederzeit ändern.
          - button "Garn aufzwirnen, Faden vom Dabeisein"
          - paragraph: Danach verblasst dein Faden in sieben Tagen.
          - button "Zu Garn verzwirnen, Faden vom Gespräch"
          - paragraph: Garn verblasst nicht. Decken kann deins hier nichts; aufzwirnen kannst du es jederzeit.
          - heading "Gespräch" [level=2]
          - paragraph: 1 Nachricht
          - text: Nachricht
          - paragraph: Alle können es lesen. Strg + Eingabe sendet.
          - textbox "Nachricht"
          - button "Senden"
          - log "Gespräch":
            - list:
              - listitem:
                - paragraph:
                  - link "Dora"
                  - time
                - paragraph: Ich bringe Kisten mit.
          - paragraph: Hier beginnt das Gespräch.
          - heading "Fäden" [level=2]
          - list:
            - listitem:
              - link "Dora"
              - text: ist dabei
              - link "Dora, ist dabei, Garn"
            - listitem:
              - link "Anna Amsel"
              - text: hat geknüpft
              - link "Anna Amsel, hat geknüpft, Garn"
            - listitem:
              - link "Dora"
              - text: redet mit
              - link "Dora, redet mit, noch 7 Tage"
            - listitem:
              - link "Cem"
              - text: ist dabei
              - link "Cem, ist dabei, noch 7 Tage"
            - listitem:
              - link "Bert vom Berg"
              - text: ist dabei
              - link "Bert vom Berg, ist dabei, noch 7 Tage"
      `);
      await dora.me();
      await expect(dora.page).toHaveURL(/\/ich\?@/);
      await expect(dora.main).toContainText(like('me_signed_in'));
      await expect(dora.main).toMatchAriaSnapshot(`
        - main "Inhalt":
          - heading "Ich" [level=1]
          - link "Schließen":
            - /url: /
          - heading "Dora" [level=2]
          - paragraph: Deine Rolle steht genau auf der Karte. Alle sehen den Punkt.
          - paragraph:
            - link "Meine öffentliche Seite"
          - heading "Wie du heißt" [level=2]
          - text: Name
          - paragraph: Ein Spitzname genügt.
          - textbox "Name": Dora
          - button "Umbenennen"
          - group "Auf der Karte":
            - text: ""
            - radio "Gar nicht Deine Fäden enden in einem kurzen Büschel am Knoten."
            - strong: Gar nicht
            - text: Deine Fäden enden in einem kurzen Büschel am Knoten.
            - radio "Ungefähr Gezeigt wird ein versetzter Punkt im Umkreis; den wahren sieht niemand."
            - strong: Ungefähr
            - text: Gezeigt wird ein versetzter Punkt im Umkreis; den wahren sieht niemand.
            - radio "Genau Alle sehen genau diesen Punkt." [checked]
            - strong: Genau
            - text: Alle sehen genau diesen Punkt.
            - group "Wo?":
              - text: ""
              - paragraph:
                - status: /\\d+,\\d+° N, \\d+,\\d+° O/
              - paragraph: Er bleibt, wo er ist. Tippe auf die Karte, zieh die Nadel, oder verschieb die Karte und nimm ihre Mitte.
              - button "Auf der Karte zeigen"
              - button "Mitte der Karte"
              - button "Mein Standort"
          - button "So zeigen"
          - paragraph: /Angemeldet als \\S+/
          - button "Abmelden"
          - heading "Was wartet" [level=2]
          - paragraph: Nichts wartet. Alles, was du getan hast, ist angekommen.
      `);
      await dora.page.goBack();
      await expect(dora.heading(APPLES)).toBeVisible();
      await anna.main.getByRole('textbox', { name: word('talk_message') }).fill('Gut, ich fülle sie.');
      await anna.main.getByRole('button', { name: word('talk_submit') }).click();
      await expect(dora.main.getByRole('log', { name: word('talk_title') }).getByRole('listitem').filter({ hasText: 'Gut, ich fülle sie.' })).toHaveCount(1);
      await anna.expectMarked();
      await dora.page.goBack();
      await expect(dora.heading(word('home_title'))).toBeVisible();
    });

    test('flow 8: what another has just woven is found by distance, glows, opens in place and stays live; back keeps the search', async ({ people, town }) => {
      test.slow();
      const isPhone = device === 'phone';
      // Whoever searches finds what all tests have woven.
      const what = isPhone ? 'Hackbrett' : 'Drehleier';
      const [near, renamed, far] = [`${what} leihen`, `${what} und Noten leihen`, `${what}fest`];
      const weave = await weaveNeighbourhood(people, town);
      await people.does(weave.cem, { act: 'knot-node', node: uuid7(), kind: 'idea', title: far, text: '', place: town.at(60, 900), starts_at: null });
      const anna = await people.browser(weave.anna);
      const bert = await people.browser(weave.bert);
      for (const someone of [anna, bert]) {
        await someone.open(town.view(16));
        await someone.expectMap();
        await someone.expectLive();
        await someone.mark();
      }
      await openSearch(bert);
      const view = () => bert.page.url().match(/@[^&]+/)![0];
      const [began, there] = [view(), await free(bert, -60, 20)];
      // Inside of what a knot is drawn as: no name and no thread is seen there.
      const [apples, knot] = [around(await free(bert, 40 / METRES, 60 / METRES), 8), around(there, 8)];
      const [before, empty] = [await still(bert.page, apples), await still(bert.page, knot)];
      await field(bert).pressSequentially(what.slice(0, 5));
      await expect(titles(bert)).toHaveText([far]);
      await bert.main.getByRole('navigation', { name: word('search_order') }).getByRole('link', { name: word('search_distance') }).click();
      await expect.poll(changed(bert, before, apples), 'what was not found steps back').toBeGreaterThan(50);

      await press(anna, await free(anna, -60, 20), isPhone);
      await anna.titleField.fill(near);
      await anna.choose(word('kind_tool'));
      await anna.send();
      await expect(anna.heading(near)).toBeVisible();
      await expect.poll(changed(bert, empty, knot), 'it comes onto the map of who searches').toBeGreaterThan(50);
      const dim = await still(bert.page, knot);
      await field(bert).fill(what);
      await expect(titles(bert), 'nearest first').toHaveText([near, far]);
      await expect(bert.main.locator('.list .distance')).toHaveCount(2);
      await expect.poll(changed(bert, dim, knot), 'what was found glows').toBeGreaterThan(50);
      await expectAccessible(bert.page, 'what was found');
      expect(view(), 'the map stays where it is').toBe(began);

      await tap(bert, there, isPhone);
      await expect(bert.heading(near)).toBeVisible();
      expect(view()).toBe(began);
      await anna.change();
      await anna.titleField.fill(renamed);
      await anna.save();
      await expect(bert.heading(renamed), 'what is open is live').toBeVisible();
      await bert.join();
      await expect(anna.main.getByRole('listitem').filter({ hasText: weave.bert.name })).toContainText(word('thread_join'));

      await bert.page.goBack();
      await expect(field(bert)).toHaveValue(what);
      await expect(titles(bert)).toHaveText([renamed, far]);
      await expect.poll(changed(bert, dim, knot), 'it glows again').toBeGreaterThan(50);
      await field(bert).fill('');
      await expect(titles(bert)).toHaveCount(0);
      await expect.poll(changed(bert, before, apples), 'all has come forward again').toBeLessThan(20);
      for (const someone of [anna, bert]) await someone.expectMarked();
    });
  });
}
