import { type Neighbourhood, APPLES, weaveNeighbourhood } from '../harness/neighbourhood.ts';
import type { AppPage } from '../harness/app.ts';
import { status } from '../harness/guard.ts';
import { uuid7 } from '../harness/ids.ts';
import { expect, test } from '../harness/test.ts';
import { word } from '../harness/words.ts';

/** What somebody hears who does not see the page, kept in `outline.spec.ts-snapshots`; dates and addresses are left out of it. */
async function expectOutline(app: AppPage, name: string): Promise<void> {
  await app.settled();
  await expect(app.page.locator('body')).toMatchAriaSnapshot({ name: `${name}.aria.yml` });
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
    await expectOutline(guest, `talk-${lang}`);
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
    await anna.open(`/knoten/${talked}/aendern`);
    await people.does(weave.anna, { act: 'change-node', node: talked, based_on: 1, title: 'Brot und Brezen' });
    await expect(anna.main, 'told while typing').toContainText(word('change_meanwhile', {}, lang));
    await anna.main.getByLabel(word('weave_name', {}, lang)).fill('Kuchen');
    await anna.main.getByRole('button', { name: word('change_submit', {}, lang), exact: true }).click();
    await expect(anna.main).toContainText(word('version_mine', {}, lang));
    await expectOutline(anna, `versions-${lang}`);
    const newcomer = await begin(await people.browser(await people.account('Dora')));
    await newcomer.open('/ich');
    await expectOutline(newcomer, `register-${lang}`);
  });
}
