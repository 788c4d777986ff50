import { expectAccessible } from '../harness/axe.ts';
import { status } from '../harness/guard.ts';
import { uuid7 } from '../harness/ids.ts';
import { APPLES, HOSTILE, type Neighbourhood, WIDE_WORD, weaveNeighbourhood } from '../harness/neighbourhood.ts';
import { expect, test } from '../harness/test.ts';
import type { Town } from '../harness/town.ts';
import { type Lang, like, word } from '../harness/words.ts';

/** Lines of a list, as the domain's NEAR_MAX has it. */
const LISTED_MAX = 50;

/** Every address with what it is called. */
function addresses(weave: Neighbourhood, town: Town, lang: Lang = 'de'): [path: string, title: string][] {
  return [
    [town.view(), word('home_title', {}, lang)],
    [`/knoten/${weave.node(APPLES)}`, APPLES],
    [`/knoten/${weave.node(HOSTILE)}`, HOSTILE],
    [`/knoten/${weave.node(WIDE_WORD)}`, WIDE_WORD],
    [`/rolle/${weave.anna.role}`, weave.anna.name],
    [`/rolle/${weave.bert.role}`, weave.bert.name],
    ['/weben', word('weave_title', {}, lang)],
    ['/ich', word('me_title', {}, lang)],
    ['/anmelden', word('sign_in_title', {}, lang)],
  ];
}

function inLanguage(path: string, lang: Lang): string {
  return `${path}${path.includes('?') ? '&' : '?'}lang=${lang}`;
}

for (const colorScheme of ['light', 'dark'] as const) {
  test(`the page of the design shows all there is, accessibly, ${colorScheme}`, async ({ app }) => {
    await app.page.emulateMedia({ colorScheme });
    await app.page.goto('/_style');
    await expect(app.heading(word('guide_title'))).toBeVisible();
    for (const title of ['guide_colours', 'guide_contrast', 'guide_threads', 'guide_gold', 'guide_buttons', 'guide_fields', 'guide_list']) {
      // The panels that it shows have headings of their own.
      await expect(app.page.locator('#panel > section > h2', { hasText: new RegExp(`^${word(title)}$`) })).toBeVisible();
    }
    // A token is a colour only where the sheet knows it.
    const ink = app.page.locator('.swatches li').filter({ hasText: /^ink/ }).locator('rect');
    expect(await ink.evaluate((rect) => getComputedStyle(rect).fill)).toBe(colorScheme === 'light' ? 'rgb(42, 38, 33)' : 'rgb(239, 232, 219)');
    await expect(app.main.getByText(word('guide_woven_mapless')), 'without WebGL it says what is missing').toBeVisible();
    const width = await app.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(width, 'nothing is wider than the window').toBeLessThanOrEqual(0);
    await expectAccessible(app.page, '/_style');
  });
}

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });

  for (const lang of ['de', 'en'] as const) {
    test(`every page reads as it is, in ${lang}`, async ({ app, people, town }) => {
      const weave = await weaveNeighbourhood(people, town);
      for (const [path, title] of addresses(weave, town, lang)) {
        const answer = await app.page.goto(inLanguage(path, lang));
        expect(answer!.status(), path).toBe(200);
        await expect(app.page.locator('html')).toHaveAttribute('lang', lang);
        await expect(app.heading(title), path).toBeVisible();
      }
      await app.page.goto(inLanguage(town.view(), lang));
      await expect(app.main.getByRole('list').getByRole('listitem'), 'other towns are not near').toHaveCount(weave.knots.size);
      for (const title of weave.knots.keys()) await expect(app.knot(title).first()).toBeVisible();
      await expect(app.knot(APPLES).first()).toContainText(word('threads_many', { n: 3 }, lang));
      await app.page.goto(inLanguage(`/knoten/${weave.node(APPLES)}`, lang));
      await expect(app.main).toContainText('hinter dem blauen Tor');
      for (const name of ['Anna Amsel', 'Bert vom Berg', 'Cem']) {
        await expect(app.main.getByRole('listitem').filter({ hasText: name })).toHaveCount(1);
      }
      await app.page.goto(inLanguage(`/rolle/${weave.bert.role}`, lang));
      await expect(app.main).toContainText(word('role_radius', { radius: '100 m' }, lang));
    });
  }

  test('one page tells who runs this and where its source is', async ({ app, town }) => {
    await app.page.goto(town.view());
    await app.main.getByRole('link', { name: word('about_link') }).click();
    await expect(app.heading(word('about_title'))).toBeVisible();
    await expect(app.main).toContainText(word('about_host_unknown'));
    for (const link of [word('about_source'), word('about_notice')]) {
      const path = await app.main.getByRole('link', { name: link }).getAttribute('href');
      expect((await app.page.request.get(path ?? '')).status(), link).toBe(200);
    }
    await app.main.getByRole('link', { name: word('about_back') }).click();
    await expect(app.heading(word('home_title'))).toBeVisible();
  });

  test('the list is sorted by distance, and links lead on', async ({ app, people, town }) => {
    const weave = await weaveNeighbourhood(people, town);
    await app.page.goto(town.view());
    const rows = await app.main.getByRole('list').getByRole('link').allInnerTexts();
    expect(rows).toHaveLength(weave.knots.size);
    const metres = rows.map((row) => Number(/(\d+) m\b/.exec(row)?.[1] ?? Infinity));
    expect(metres).toEqual(metres.toSorted((a, b) => a - b));
    await app.knot(APPLES).first().click();
    await expect(app.heading(APPLES)).toBeVisible();
    await app.main.getByRole('link', { name: 'Bert vom Berg', exact: true }).first().click();
    await expect(app.heading('Bert vom Berg')).toBeVisible();
  });

  test('one signs in by code and out again', async ({ app, people, api }) => {
    const email = people.email('Ohne Skript');
    await app.page.goto('/anmelden');
    await app.main.getByLabel(word('sign_in_email')).first().fill(email);
    await app.main.getByRole('button', { name: word('sign_in_mail') }).click();
    const { code } = await api.letter(email);
    await app.enterCode(code === '00000000' ? '00000001' : '00000000');
    await expect(app.main).toContainText(word('sign_in_code_wrong'));
    await app.enterCode(code);
    await expect(app.page).toHaveURL(/\/ich/);
    await expect(app.main).toContainText(word('me_signed_in', { email }));
    await app.main.getByRole('button', { name: word('me_sign_out') }).click();
    await expect(app.main).toContainText(word('me_guest_title'));
  });

  test('one signs in by the link of the letter, which the host reads in the mailbox', async ({ app, people, api, server }) => {
    const email = people.email('Mit Link');
    await app.page.goto('/anmelden');
    await app.main.getByLabel(word('sign_in_email')).first().fill(email);
    await app.main.getByRole('button', { name: word('sign_in_mail') }).click();
    const { link } = await api.letter(email);
    await app.page.goto(server.mailbox);
    await app.main.getByRole('link', { name: link }).click();
    // Only pressing it uses the link up: programs that look at mails follow links.
    await app.main.getByRole('button').click();
    await expect(app.main).toContainText(word('me_signed_in', { email }));
  });

  test('what does not exist says so, with its status', async ({ app, guard }) => {
    guard.expects(status(404));
    for (const [path, title] of [
      [`/knoten/${uuid7()}`, word('node_missing_title')],
      [`/rolle/${uuid7()}`, word('role_missing_title')],
      ['/knoten/unsinn', word('unknown_title')],
      ['/gibt/es/nicht', word('unknown_title')],
    ] as const) {
      const answer = await app.page.goto(path);
      expect(answer!.status(), path).toBe(404);
      await expect(app.heading(title), path).toBeVisible();
    }
  });
});

for (const javaScriptEnabled of [false, true]) {
  test.describe(javaScriptEnabled ? 'awake, where nothing is near' : 'without JavaScript, where nothing is near', () => {
    test.use({ javaScriptEnabled });

    test('the list says so and leads to what is nearest', async ({ app, people, town }) => {
      await people.does(await people.register('Anna'), {
        act: 'knot-node',
        node: uuid7(),
        kind: 'tool',
        title: 'Der nächste Knoten',
        text: '',
        place: town.at(8000),
        starts_at: null,
      });
      await app.page.goto(town.view());
      if (javaScriptEnabled) {
        await app.expectAwake();
        await app.expectLive();
        await app.mark();
      }
      await expect(app.main).toContainText(word('home_empty_title'));
      await expect(app.main.getByRole('listitem')).toHaveCount(0);
      await app.main.getByRole('link', { name: like('home_nearest') }).click();
      await expect(app.knot('Der nächste Knoten')).toBeVisible();
      if (javaScriptEnabled) await app.expectMarked();
    });
  });
}

for (const javaScriptEnabled of [false, true]) {
  test.describe(javaScriptEnabled ? 'awake, where much is' : 'without JavaScript, where much is', () => {
    test.use({ javaScriptEnabled });

    test('the list says that it does not tell of all, and leads on', async ({ app, people, town }) => {
      const anna = await people.register('Anna');
      for (let n = 1; n <= LISTED_MAX + 2; n += 1) {
        const knot = { act: 'knot-node', node: uuid7(), kind: 'tool', title: `Beet ${n}`, text: '', starts_at: null } as const;
        await people.does(anna, { ...knot, place: town.at(5 * n) });
      }
      await app.page.goto(town.view());
      if (javaScriptEnabled) {
        await app.expectAwake();
        await app.expectLive();
      }
      await expect(app.main.getByRole('listitem')).toHaveCount(LISTED_MAX);
      await expect(app.main).toContainText(word('home_nearest_many', { n: LISTED_MAX }));
      await expect(app.main).toContainText(word('home_more'));
      await expect(app.knot(`Beet ${LISTED_MAX + 2}`)).toHaveCount(0);
      await app.main.getByRole('link', { name: word('home_more_link') }).click();
      await expect(app.knot(`Beet ${LISTED_MAX + 2}`)).toBeVisible();
    });
  });
}

test.describe('awake', () => {
  test('an address that leads nowhere stays, to be seen and mended', async ({ app, guard }) => {
    guard.expects(status(404));
    await app.open('/gibt/es/nicht');
    await expect(app.heading(word('unknown_title'))).toBeVisible();
    await app.expectLive();
    await expect(app.page).toHaveURL(/\/gibt\/es\/nicht$/);
  });

  test('every page wakes as the server rendered it, in both languages', async ({ app, people, town, guard }) => {
    guard.expects(status(404));
    const weave = await weaveNeighbourhood(people, town);
    for (const lang of ['de', 'en'] as const) {
      for (const [path, title] of addresses(weave, town, lang)) {
        await app.open(inLanguage(path, lang));
        await expect(app.heading(title), path).toBeVisible();
      }
      await app.open(inLanguage('/gibt/es/nicht', lang));
    }
    expect(await app.page.title()).not.toContain('böse');
  });

  test('going back, reloading and passing a link on show the same panel', async ({ app, people, town }) => {
    const weave = await weaveNeighbourhood(people, town);
    await app.open(town.view());
    await app.mark();
    await app.knot(APPLES).first().click();
    await expect(app.heading(APPLES)).toBeVisible();
    await expect(app.page).toHaveURL(new RegExp(`/knoten/${weave.node(APPLES)}`));
    await app.main.getByRole('link', { name: 'Bert vom Berg', exact: true }).first().click();
    await expect(app.heading('Bert vom Berg')).toBeVisible();
    await app.page.goBack();
    await expect(app.heading(APPLES)).toBeVisible();
    await app.page.goBack();
    await expect(app.heading(word('home_title'))).toBeVisible();
    await app.page.goForward();
    await expect(app.heading(APPLES)).toBeVisible();
    await app.expectMarked();
    await app.page.reload();
    await expect(app.heading(APPLES)).toBeVisible();
    const friend = await people.browser();
    await friend.open(app.page.url());
    await expect(friend.heading(APPLES)).toBeVisible();
  });

  test('the other language is one link away and stays', async ({ app }) => {
    await app.open('/anmelden');
    await app.page.getByRole('link', { name: word('other_language') }).click();
    await expect(app.page.locator('html')).toHaveAttribute('lang', 'en');
    await app.open('/anmelden');
    await expect(app.heading(word('sign_in_title', {}, 'en'))).toBeVisible();
  });
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`axe finds nothing to complain about, ${colorScheme}`, async ({ people, town, guard, server, api }) => {
    test.slow();
    guard.expects(status(404));
    const weave = await weaveNeighbourhood(people, town);
    const guest = await people.browser();
    const anna = await people.browser(weave.anna);
    const newcomer = await people.browser(await people.account('Neu'));
    for (const someone of [guest, anna, newcomer]) await someone.page.emulateMedia({ colorScheme });
    for (const [path] of addresses(weave, town)) {
      await guest.open(path);
      await expectAccessible(guest.page, `guest ${path}`);
    }
    for (const path of ['/ueber', '/gibt/es/nicht', server.mailbox]) {
      await guest.page.goto(path);
      await expectAccessible(guest.page, `guest ${path}`);
    }
    const own = `/knoten/${weave.node(APPLES)}`;
    for (const path of [own, `${own}/aendern`, '/weben', '/ich', town.view()]) {
      await anna.open(path);
      await anna.expectLive();
      await expectAccessible(anna.page, `role ${path}`);
    }
    await newcomer.open('/ich');
    await expectAccessible(newcomer.page, 'account /ich');
    const email = people.email('Brief');
    await guest.open('/anmelden');
    await guest.askForLetter(email);
    await expect(guest.codeField).toBeVisible();
    await expectAccessible(guest.page, 'guest, a code');
    for (const path of [(await api.letter(email)).link, '/anmelden/unsinn', '/anmelden?schritt=code&email=jemand%40weben.test', '/postfach?token=falsch']) {
      await guest.page.goto(path);
      if (path.startsWith('/anmelden?')) await guest.expectAwake();
      await expectAccessible(guest.page, `guest ${path}`);
    }
  });
}

test('nothing is wider than a phone of 360 pixels', async ({ people, town }) => {
  const weave = await weaveNeighbourhood(people, town);
  const anna = await people.browser(weave.anna);
  await anna.page.setViewportSize({ width: 360, height: 740 });
  for (const [path] of addresses(weave, town)) {
    await anna.open(path);
    const wide = await anna.page.evaluate(() =>
      [document.documentElement, ...document.querySelectorAll('main, main *')]
        // Its own line can be pushed aside.
        .filter((element) => !element.closest('.lenses > *'))
        .filter((element) => element.getBoundingClientRect().right > innerWidth + 1)
        .map((element) => element.outerHTML.slice(0, 120)),
    );
    expect(wide, path).toEqual([]);
    expect(await anna.page.evaluate(() => document.documentElement.scrollWidth), path).toBeLessThanOrEqual(360);
  }
});

test('all can be reached and done by keyboard', async ({ people, town }) => {
  const weave = await weaveNeighbourhood(people, town);
  const anna = await people.browser(weave.anna);
  await anna.open(town.view());
  await anna.page.keyboard.press('Tab');
  await expect(anna.page.getByRole('link', { name: word('skip') })).toBeFocused();
  await anna.knot(APPLES).first().focus();
  await anna.page.keyboard.press('Enter');
  await expect(anna.heading(APPLES)).toBeVisible();
  // The panel takes the focus when it opens, so that what comes next is read next.
  await expect
    .poll(() => anna.page.evaluate(() => document.querySelector('main')?.contains(document.activeElement)))
    .toBe(true);
  const join = anna.main.getByRole('button', { name: word('node_join') });
  await join.focus();
  await anna.page.keyboard.press('Enter');
  await expect(join).toHaveAttribute('aria-pressed', 'true');
});
