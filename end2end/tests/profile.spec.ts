import { expectAccessible } from '../harness/axe.ts';
import { NO_NETWORK } from '../harness/guard.ts';
import { expect, test } from '../harness/test.ts';
import { word } from '../harness/words.ts';

test('what one says of oneself is read by others, tag by tag, and changed without losing the rest', async ({ people, guard }) => {
  guard.expects(...NO_NETWORK);
  const person = await people.register('Anna');
  const anna = await people.browser(person);
  await anna.open('/ich');
  const field = (key: string) => anna.main.getByRole('textbox', { name: word(key) });
  const form = anna.main.locator('[data-form=describe]');
  const save = () => form.getByRole('button', { name: word('change_submit') }).click();
  await save();
  await expect(form.getByRole('alert')).toContainText(word('refusal_nothing_changed'));
  await field('me_about').fill('Gärtnerin.\nWer Setzlinge braucht, <klopft>.');
  await field('me_goods').fill('Leiter,  Setzlinge , leiter,');
  await field('me_languages').fill('Deutsch, العربية');
  await save();
  await expect(form.getByRole('status')).toContainText(word('me_described'));
  await anna.expectWaiting(0);
  await expectAccessible(anna.page, 'a form with what was said');

  const guest = await people.browser();
  await guest.open(`/rolle/${person.role}`);
  await expect(guest.main).toContainText('Wer Setzlinge braucht, <klopft>.');
  await expect(guest.main.locator('.tags li')).toHaveText(['Leiter', 'Setzlinge', 'Deutsch', 'العربية']);
  await expect(guest.main, 'nothing is said of what one can do').not.toContainText(word('role_skills'));
  await expectAccessible(guest.page, 'a role that says something of itself');

  // Offline one list is emptied and another filled; the rest stays as it was.
  await anna.page.context().setOffline(true);
  await anna.expectNotLive();
  await field('me_goods').fill('');
  await field('me_skills').fill('Bäume schneiden');
  await save();
  await expect(form.getByRole('status')).toContainText(word('me_on_its_way'));
  await expect(anna.main).toContainText(word('act_describe'));
  await anna.page.context().setOffline(false);
  await anna.expectWaiting(0);
  await anna.page.reload();
  await anna.expectAwake();
  await expect(field('me_about')).toHaveValue('Gärtnerin.\nWer Setzlinge braucht, <klopft>.');
  await expect(field('me_goods')).toHaveValue('');
  await guest.open(`/rolle/${person.role}`);
  await expect(guest.main.locator('.tags li')).toHaveText(['Bäume schneiden', 'Deutsch', 'العربية']);
});

test('a tag that is too long, or one too many, says so and loses nothing', async ({ people }) => {
  const anna = await people.browser(await people.register('Anna'));
  await anna.open('/ich');
  const form = anna.main.locator('[data-form=describe]');
  const goods = anna.main.getByRole('textbox', { name: word('me_goods') });
  for (const [typed, told] of [
    [`Leiter, ${'ä'.repeat(41)}`, word('refusal_tag_length', { max: 40, got: 41 })],
    [Array.from({ length: 21 }, (_, n) => `Ding ${n}`).join(','), word('refusal_too_many_tags', { max: 20, got: 21 })],
  ] as const) {
    await goods.fill(typed);
    await form.getByRole('button', { name: word('change_submit') }).click();
    await expect(form).toContainText(told);
    await expect(goods, 'of three lists this one is meant').toHaveAttribute('aria-invalid', 'true');
    await expect(goods).toBeFocused();
    await expect(goods).toHaveValue(typed);
  }
  await anna.expectWaiting(0);
});
