import { type Neighbourhood, APPLES, weaveNeighbourhood } from '../harness/neighbourhood.ts';
import type { AppPage } from '../harness/app.ts';
import { status } from '../harness/guard.ts';
import { expect, test } from '../harness/test.ts';

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
    guard.expects(status(404));
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
    await guest.page.goto('/ueber');
    await expectOutline(guest, `about-${lang}`);
    const anna = await begin(await people.browser(weave.anna));
    for (const [name, path] of OWN) {
      await anna.open(path(weave));
      await expectOutline(anna, `${name}-${lang}`);
    }
  });
}
