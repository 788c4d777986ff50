import type { AppPage } from '../harness/app.ts';
import { expectAccessible } from '../harness/axe.ts';
import { NO_NETWORK, status } from '../harness/guard.ts';
import { uuid7 } from '../harness/ids.ts';
import { expect, test } from '../harness/test.ts';
import { word } from '../harness/words.ts';

/** Puts a pointer over everything that can be pressed, at once. */
async function hoverAll({ page }: AppPage): Promise<void> {
  const debug = await page.context().newCDPSession(page);
  await debug.send('DOM.enable');
  await debug.send('CSS.enable');
  const { root } = await debug.send('DOM.getDocument');
  const { nodeIds } = await debug.send('DOM.querySelectorAll', { nodeId: root.nodeId, selector: 'a, button, label' });
  for (const nodeId of nodeIds) await debug.send('CSS.forcePseudoState', { nodeId, forcedPseudoClasses: ['hover'] });
}

for (const colorScheme of ['light', 'dark'] as const) {
  test(`axe finds nothing in any state: under a pointer, waiting, offline, refused, ${colorScheme}`, async ({ people, town, guard }) => {
    test.setTimeout(120_000);
    guard.expects(...NO_NETWORK, status(422));
    const person = await people.register('Anna', { show: 'exact', place: town.at() });
    const node = uuid7();
    await people.does(person, { act: 'knot-node', node, kind: 'tool', title: 'Bienenstock', text: 'Summt.', place: town.at(), starts_at: null });
    const anna = await people.browser(person);
    await anna.page.emulateMedia({ colorScheme });
    await anna.open(town.view());
    await anna.expectLive();
    for (const path of [town.view(), `/knoten/${node}`, `/knoten/${node}/aendern`, '/weben', '/ich']) {
      await anna.open(path);
      await anna.expectLive();
      await hoverAll(anna);
      await expectAccessible(anna.page, `under a pointer, ${path}`);
    }
    await anna.open(town.view());
    await anna.expectLive();
    await anna.openKnot('Bienenstock');
    await anna.page.context().setOffline(true);
    await anna.expectNotLive();
    await anna.twist();
    await expectAccessible(anna.page, 'a knot, offline, on its way');
    await anna.me();
    await anna.expectWaiting(1);
    await expectAccessible(anna.page, 'what waits');
    await anna.home();
    await expectAccessible(anna.page, 'the list, offline');
    // The same is done on another device: this one comes back.
    await people.twistAll(person, node);
    await anna.page.context().setOffline(false);
    await expect(anna.main.getByRole('link', { name: word('back_see') })).toBeVisible({ timeout: 40_000 });
    await expectAccessible(anna.page, 'the list, with what came back');
    await anna.me();
    await expect(anna.refused('Bienenstock')).toBeVisible();
    await hoverAll(anna);
    await expectAccessible(anna.page, 'what came back, under a pointer');
    await anna.fillIn({ title: '' });
    await anna.send();
    await expect(anna.main).toContainText(word('refusal_title_length', { max: 120, got: 0 }));
    await expectAccessible(anna.page, 'a form that is refused');
    await anna.rename('Änne');
    await expect(anna.main.getByRole('status').getByText(word('me_renamed'))).toBeVisible();
    await expectAccessible(anna.page, 'a form that was sent');
  });
}
