import { type Neighbourhood, APPLES, weaveNeighbourhood } from '../harness/neighbourhood.ts';
import type { AppPage } from '../harness/app.ts';
import { status } from '../harness/guard.ts';
import { uuid7 } from '../harness/ids.ts';
import { expect, test } from '../harness/test.ts';
import { word } from '../harness/words.ts';

/** What differs from one run to the next, and what stands for it. */
const OTHER: [RegExp, string][] = [
  [/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, 'ID'],
  [/http:\/\/127\.0\.0\.1:\d+/g, 'HERE'],
  [/@-?\d+\.\d+,-?\d+\.\d+,\d+\.\d+/g, 'VIEW'],
  [/\d+[.,]\d+° [NS], \d+[.,]\d+° [OWE]/g, 'PLACE'],
  [/(- time: ·?).*/g, '$1TIME'],
  [/(·\s?)(gerade eben|vor \d+ Minuten?|just now|\d+ minutes? ago)/g, '$1AGE'],
  [/\p{L}{2,3}, \d{1,2}\.? \p{L}+ \d{4}, /gu, 'DAY, '],
  [/\b\d\d:\d\d( UTC| \(UTC[^)]*\))?/g, 'CLOCK'],
  [/\b\d+ m\b/g, 'FAR'],
  [/(Version) \S+/g, '$1 N'],
  [/\w+@weben\.test|[\w.]+@\S+\.test/g, 'MAIL'],
];

/** What somebody hears who does not see the page, all of it, kept in `outline.spec.ts-snapshots`. */
async function expectOutline(app: AppPage, name: string): Promise<void> {
  await app.settled();
  if (await app.page.locator('#app').count()) {
    await expect(app.page.locator('[data-line="live"]'), 'it is live').toBeAttached({ timeout: 40_000 });
  }
  const heard = async () => OTHER.reduce((text, [what, by]) => text.replace(what, by), await app.page.locator('body').ariaSnapshot());
  let text = await heard();
  await expect
    .poll(async () => {
      const before = text;
      text = await heard();
      return text === before;
    }, 'nothing more comes')
    .toBe(true);
  expect(`${text}\n`).toMatchSnapshot(`${name}.yml`);
}

/** A page for everyone, and one's own pages; each by its address. */
const OPEN: [name: string, path: (weave: Neighbourhood) => string][] = [
  ['knot', (weave) => `/knoten/${weave.node(APPLES)}`],
  ['role', (weave) => `/rolle/${weave.bert.role}`],
  ['me-guest', () => '/ich'],
  ['sign-in', () => '/anmelden'],
  ['unknown', () => '/gibt/es/nicht'],
];
const OWN: [name: string, path: (weave: Neighbourhood) => string][] = [
  ['weave', () => '/weben'],
  ['change', (weave) => `/knoten/${weave.node(APPLES)}/aendern`],
  ['me', () => '/ich'],
];

for (const lang of ['de', 'en'] as const) {
  test(`every page has the outline that it had, ${lang}`, async ({ people, town, guard }) => {
    test.setTimeout(180_000);
    guard.expects(status(404), status(409));
    const weave = await weaveNeighbourhood(people, town);
    const begin = async (app: AppPage) => {
      await app.open(`${town.view()}&lang=${lang}`);
      await expect(app.page.locator('[data-line="live"]'), 'it is live').toBeAttached({ timeout: 40_000 });
      return app;
    };
    const guest = await begin(await people.browser());
    await expectOutline(guest, `home-${lang}`);
    for (const [name, path] of OPEN) {
      await guest.open(path(weave));
      await expectOutline(guest, `${name}-${lang}`);
    }
    const talked = uuid7();
    await people.does(weave.anna, { act: 'knot-node', node: talked, kind: 'idea', title: 'Brot backen', text: '', place: town.at(), starts_at: null });
    for (const [person, text] of [[weave.anna, 'Wer bringt Mehl?'], [weave.bert, 'Ich.']] as const) {
      await people.does(person, { act: 'send-message', message: uuid7(), node: talked, text });
    }
    await guest.open(`/knoten/${talked}`);
    await expect(guest.main).toContainText('Ich.');
    await expect(guest.main.locator('.thread')).toHaveCount(3);
    await expectOutline(guest, `talk-${lang}`);
    const [held] = await guest.main.locator('.thread .left').all();
    await held!.click();
    await expect(guest.page).toHaveURL(/\/faden\//);
    await expectOutline(guest, `thread-${lang}`);
    await guest.open(`/knoten/${talked}`);
    await guest.main.getByRole('link', { name: word('share', {}, lang), exact: true }).click();
    await expect(guest.heading(word('share_title', {}, lang))).toBeVisible();
    await expectOutline(guest, `share-${lang}`);
    await guest.page.goto('/ueber');
    await expectOutline(guest, `about-${lang}`);
    const anna = await begin(await people.browser(weave.anna));
    for (const [name, path] of OWN) {
      await anna.open(path(weave));
      await expectOutline(anna, `${name}-${lang}`);
    }
    await anna.open(`/knoten/${talked}`);
    await expectOutline(anna, `knot-own-${lang}`);
    const feast = uuid7();
    const tomorrow = Date.now() + 24 * 60 * 60 * 1000;
    await people.does(weave.anna, { act: 'knot-node', node: feast, kind: 'event', title: 'Brotfest', text: '', place: town.at(), starts_at: tomorrow });
    await anna.open(`/knoten/${feast}`);
    await expectOutline(anna, `event-${lang}`);
    await anna.open(`${town.view()}&linse=bed`);
    await expect(anna.main.getByRole('link', { name: `${word('kind_event', {}, lang)} 2`, exact: true })).toBeVisible();
    await expectOutline(anna, `lens-${lang}`);
    await anna.open('/weben');
    await anna.main.getByLabel(word('weave_name', {}, lang)).fill('Brotfest');
    await expect(anna.main).toContainText(word('alike_title', {}, lang));
    await expectOutline(anna, `alike-${lang}`);
    await anna.main.getByLabel(word('weave_name', {}, lang)).fill('');
    await anna.main.getByRole('button', { name: word('weave_submit', {}, lang), exact: true }).click();
    await expect(anna.main).toContainText(word('refusal_title_length', { max: 120, got: 0 }, lang));
    await expectOutline(anna, `weave-refused-${lang}`);
    await anna.open(`/knoten/${talked}/aendern`);
    await people.does(weave.anna, { act: 'change-node', node: talked, based_on: 1, title: 'Brot und Brezen' });
    await expect(anna.main, 'told while typing').toContainText(word('change_meanwhile', {}, lang));
    await anna.main.getByLabel(word('weave_name', {}, lang)).fill('Kuchen');
    await anna.main.getByRole('button', { name: word('change_submit', {}, lang), exact: true }).click();
    await expect(anna.main).toContainText(word('version_mine', {}, lang));
    await expectOutline(anna, `versions-${lang}`);
    await guest.open(`/knoten/${uuid7()}`);
    await expect(guest.heading(word('node_missing_title', {}, lang))).toBeVisible();
    await expectOutline(guest, `knot-missing-${lang}`);
    await guest.open('/anmelden');
    await guest.main.getByLabel(word('sign_in_email', {}, lang)).first().fill(people.email('Emil'));
    await guest.main.getByRole('button', { name: word('sign_in_mail', {}, lang) }).click();
    await expect(guest.main.getByLabel(word('sign_in_code', {}, lang)).first()).toBeVisible();
    await expectOutline(guest, `code-${lang}`);
    const newcomer = await begin(await people.browser(await people.account('Dora')));
    await newcomer.open('/ich');
    await expectOutline(newcomer, `register-${lang}`);
  });
}
