import { expectAccessible } from '../harness/axe.ts';
import { NO_NETWORK, status } from '../harness/guard.ts';
import { uuid7 } from '../harness/ids.ts';
import { expect, test } from '../harness/test.ts';
import { word } from '../harness/words.ts';

test('two who are named vouch for a third, who then changes what others knotted', async ({ people, town, server, api, guard }) => {
  guard.expects(...NO_NETWORK);
  const [anna, ben, eva] = [
    await people.register('Anna Erste', { show: 'exact', place: town.at(-60) }),
    await people.register('Ben Zweiter', { show: 'exact', place: town.at(60) }),
    await people.register('Eva Gast', { show: 'exact', place: town.at(0, 60) }),
  ];
  const node = uuid7();
  await people.does(anna, { act: 'knot-node', node, kind: 'idea', title: 'Brot backen', text: '', place: town.at(), starts_at: null });

  const guest = await people.browser(eva);
  await test.step('a guest reads what is missing, and that others may', async () => {
    await guest.open('/ich');
    await expect(guest.main).toContainText(word('me_rights_guest', { vouches: 0, needed: 2 }));
    await guest.open(town.view());
    await guest.expectLive();
    await guest.openKnot('Brot backen');
    await expect(guest.main).toContainText(word('refusal_node_not_yours', { vouches: 0, needed: 2 }));
    await expect(guest.main.getByRole('link', { name: word('node_change'), exact: true })).toHaveCount(0);
    await guest.open(`/rolle/${ben.role}`);
    await expect(guest.main).toContainText(word('refusal_weaver_needed', { vouches: 0, needed: 2 }));
  });

  await test.step('the host names the first ones while the product runs', async () => {
    expect(await server.grant('--weaver', 'Anna Erste', '--reason', 'Von Anfang an dabei')).toContain('is a weaver now');
    expect(await server.grant('--weaver', ben.role, '--reason', 'Von Anfang an dabei')).toContain(`Ben Zweiter (${ben.role})`);
    expect(await server.grant('--weaver', ben.role, '--reason', 'Noch einmal')).toContain('already');
  });

  const one = await people.browser(anna);
  const vouch = word('role_vouch', { name: 'Eva Gast' });
  await test.step('a vouch shows before any answer, is taken back, and given again', async () => {
    await one.open(`/rolle/${eva.role}`);
    await expect(one.main).toContainText(word('role_guest', { vouches: 0, needed: 2 }));
    await one.page.context().setOffline(true);
    await one.expectNotLive();
    await one.main.getByRole('button', { name: vouch }).click();
    await expect(one.main).toContainText(word('role_guest', { vouches: 1, needed: 2 }));
    await expect(one.main).toContainText(word('node_deed_on_its_way'));
    await one.page.context().setOffline(false);
    await one.expectWaiting(0);
    await expect(one.main.getByRole('link', { name: 'Anna Erste' }).first()).toBeVisible();
    await expectAccessible(one.page, 'a role with a vouch');
    await one.main.getByRole('button', { name: word('role_withdraw') }).click();
    await expect(one.main).toContainText(word('role_guest', { vouches: 0, needed: 2 }));
    await one.expectWaiting(0);
    await one.main.getByRole('button', { name: vouch }).click();
    await one.expectWaiting(0);
    await expect(one.main).toContainText(word('role_guest', { vouches: 1, needed: 2 }));
  });

  await test.step('the second one confirms, and whoever is confirmed is told without a reload', async () => {
    await guest.open('/ich');
    await guest.expectLive();
    await expect(guest.main).toContainText(word('me_rights_guest', { vouches: 1, needed: 2 }));
    await guest.mark();
    const other = await people.browser(ben);
    await other.open(`/rolle/${eva.role}`);
    await other.main.getByRole('button', { name: vouch }).click();
    await expect(other.main).toContainText(word('role_weaver'));
    await expect(other.main.getByRole('button', { name: word('role_withdraw') })).toHaveCount(0);
    await expect(guest.main).toContainText(word('me_rights_weaver'));
    await guest.expectMarked();
    await expect(one.main, 'so is whoever looks at the role').toContainText(word('role_weaver'));
    await expectAccessible(guest.page, 'what a weaver may');
    const types = (await api.log()).filter((line) => line.stream === `role/${eva.role}`).map((line) => line.payload.type);
    expect(types).toEqual([
      'RolleRegistriert', 'BuergschaftGegeben', 'BuergschaftZurueckgezogen', 'BuergschaftGegeben', 'BuergschaftGegeben', 'WeberBestaetigt',
    ]);
  });

  await test.step('and changes what somebody else has knotted', async () => {
    await guest.open(town.view());
    await guest.expectLive();
    await guest.openKnot('Brot backen');
    await guest.change();
    await guest.titleField.fill('Brot und Brezen');
    await guest.save();
    await expect(guest.heading('Brot und Brezen')).toBeVisible();
    await guest.expectWaiting(0);
  });

  await test.step('the thread of a vouch has a page of its own', async () => {
    const given = (await api.log()).find((line) => line.payload.type === 'BuergschaftGegeben' && line.tie?.from === ben.role);
    const looker = await people.browser();
    await looker.open(`/faden/${given?.tie?.thread}`);
    await expect(looker.main.getByRole('link', { name: 'Eva Gast' })).toBeVisible();
    await expect(looker.main).toContainText(word('role_vouches_for'));
  });
});

test('an admin gives a right and takes it again on the page, says why, and how many vouches it takes', async ({ people, server, api, guard }) => {
  guard.expects(status(422));
  const anna = await people.register('Anna Amt');
  const ben = await people.register('Ben Gast');
  const guest = await people.browser(ben);
  await guest.open(`/rolle/${anna.role}`);
  await expect(guest.main.getByRole('link', { name: word('role_rights'), exact: true })).toHaveCount(0);
  await server.grant('--admin', anna.role, '--reason', 'Von Anfang an dabei');

  const one = await people.browser(anna);
  await one.open(`/rolle/${ben.role}`);
  await one.main.getByRole('link', { name: word('role_rights'), exact: true }).click();
  const { page } = one;
  await expect(page.getByRole('heading', { name: word('rights_title', { name: 'Ben Gast' }) })).toBeVisible();
  const right = (key: string) => page.locator('section').filter({ has: page.getByRole('heading', { name: word(key), exact: true }) });
  const weaver = right('rights_weaver');
  // The browser asks for it; a reason of blanks is the server's to refuse.
  await weaver.getByLabel(word('rights_reason')).fill('   ');
  await weaver.getByRole('button', { name: word('rights_give') }).click();
  await expect(weaver.getByLabel(word('rights_reason'))).toHaveAccessibleDescription(word('refusal_reason_length', { max: 300, got: 0 }));
  await expectAccessible(page, 'rights, refused');
  await weaver.getByLabel(word('rights_reason')).fill('Kennt hier alle');
  await weaver.getByRole('button', { name: word('rights_give') }).click();
  await expect(weaver.getByRole('button', { name: word('rights_take') })).toBeVisible();
  await weaver.getByLabel(word('rights_reason')).fill('Doch nicht');
  await weaver.getByRole('button', { name: word('rights_take') }).click();
  await expect(weaver.getByRole('button', { name: word('rights_give') })).toBeVisible();
  const types = (await api.log()).filter((line) => line.stream === `role/${ben.role}`).map((line) => line.payload.type);
  expect(types).toEqual(['RolleRegistriert', 'WeberBestaetigt', 'RechtEntzogen']);

  await one.open('/ich');
  await one.main.getByRole('link', { name: word('me_community') }).click();
  const needed = page.getByLabel(word('community_vouches_field'));
  const ask = async (n: string) => {
    await needed.fill(n);
    await needed.locator('xpath=ancestor::form').getByRole('button', { name: word('community_submit') }).click();
    await expect(page.getByText(word('community_vouches'), { exact: true }).locator('..')).toContainText(n);
  };
  await ask('0');
  await expectAccessible(page, 'the community, for an admin');
  // Those who come after find it as it was.
  await ask('2');
  await guest.open('/ich');
  await expect(guest.main, 'who waited became one at once').toContainText(word('me_rights_weaver'));
});
