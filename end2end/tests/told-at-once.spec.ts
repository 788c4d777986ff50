import { NO_NETWORK } from '../harness/guard.ts';
import { uuid7 } from '../harness/ids.ts';
import { expect, test } from '../harness/test.ts';
import { word } from '../harness/words.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

test('a text that is marked up is written out at once when its knot is opened again, also without a network', async ({ people, town, guard }) => {
  guard.expects(...NO_NETWORK);
  const person = await people.register('Anna');
  const node = uuid7();
  const knot = { act: 'knot-node', node, kind: 'idea', title: 'Backen', text: 'Jeden **Freitag**.\n\n- Brot', place: town.at(), starts_at: null } as const;
  await people.does(person, knot);
  const guest = await people.browser();
  await guest.open(town.view());
  await guest.expectLive();
  await guest.openKnot('Backen');
  const strong = guest.main.locator('.written strong');
  await expect(strong).toHaveText('Freitag');
  await guest.home();
  await guest.page.context().setOffline(true);
  await guest.expectNotLive();
  await guest.openKnot('Backen');
  await expect(strong).toHaveText('Freitag');
  await expect(guest.main).not.toContainText('**');
  await guest.page.context().setOffline(false);
  await guest.expectLive();
  // What it says now is another text.
  await guest.home();
  await people.does(person, { act: 'change-node', node, based_on: 1, text: 'Jeden **Montag**.' });
  await guest.openKnot('Backen');
  await expect(strong).toHaveText('Montag');
});

test('a time zone is told where clocks tell another time there, and not where it only has another name', async ({ people, town }) => {
  const person = await people.register('Anna');
  const starts_at = Date.now() + 3 * DAY_MS;
  const zones = { Wien: 'Europe/Berlin', Lima: 'America/Lima', Nirgends: 'Mars/Olympus' };
  for (const [title, zone] of Object.entries(zones)) {
    const act = { act: 'knot-node', node: uuid7(), kind: 'event', title, text: '', place: town.at(), starts_at, particulars: { zone } } as const;
    await people.does(person, act);
  }
  const guest = await people.browser();
  await guest.open(town.view());
  await guest.expectLive();
  for (const [title, zone] of Object.entries(zones)) {
    await guest.openKnot(title);
    await expect(guest.main).toContainText(word('node_starts'));
    if (title === 'Lima') await expect(guest.main).toContainText(word('node_zone', { zone }));
    else await expect(guest.main).not.toContainText(zone);
  }
});
