import { expectAccessible } from '../harness/axe.ts';
import { expect, test } from '../harness/test.ts';
import { word } from '../harness/words.ts';

test('a newcomer sees what others would see, and no address says where they are', async ({ people, town }) => {
  const anna = await people.browser(await people.account('Anna'));
  await anna.open(town.view(15, '/ich'));
  const seen: string[] = [];
  anna.page.context().on('request', (request) => seen.push(request.url()));
  await anna.nameField.fill('Anna');
  const button = anna.main.getByRole('button', { name: word('me_place_preview') });
  await expect(button, 'nothing to see while nothing is shown').toBeHidden();
  await anna.choose(word('me_place_radius'));
  const opened = anna.page.context().waitForEvent('page');
  await button.click();
  const preview = await opened;
  await expect(preview.getByRole('heading', { level: 1, name: word('preview_title') })).toBeVisible();
  await expect(preview.getByText(word('preview_lead_example'))).toBeVisible();
  await expect(preview.getByRole('img', { name: word('preview_drawn') })).toHaveCount(6);
  await expectAccessible(preview, 'what others would see');
  expect(new URL(preview.url()).search).toBe('');
  expect(seen.filter((url) => url.includes('/ich/vorschau')).map((url) => new URL(url).search)).toEqual(['']);
  await expect(anna.nameField, 'the form stands there as it was').toHaveValue('Anna');
  await anna.register('Anna', 'radius');
  await expect(anna.main).toContainText(word('me_registered'));
});

test('another radius moves nobody: the true place stays, wherever one looks meanwhile', async ({ people, town }) => {
  const home = town.at();
  const person = await people.register('Anna', { show: 'radius', place: home, radius: '1km' });
  const anna = await people.browser(person);
  const shown = async () => (await (await anna.page.request.get(`/api/page?path=/rolle/${person.role}`)).json()).detail.role.place;
  await expect.poll(shown).toBeTruthy();
  const wide = await shown();
  await people.does(person, { act: 'place-role', placement: { show: 'radius', place: home, radius: '500m' } });
  await expect.poll(shown).not.toEqual(wide);
  const away = town.at(3000);
  await anna.open(`/ich?@${away.lat / 1e7},${away.lon / 1e7},15`);
  await anna.expectAwake();
  await expect(anna.main.getByRole('button', { name: word('me_place_preview') }), 'where one really is stands nowhere').toBeHidden();
  await anna.main.getByRole('combobox', { name: word('me_radius') }).selectOption('1000');
  await anna.place('radius');
  await anna.expectWaiting(0);
  await expect.poll(shown).toEqual(wide);
});

test('who has a role sees where it will be', async ({ people, town }) => {
  const anna = await people.browser(await people.register('Anna', { show: 'exact', place: town.at() }));
  await anna.open(town.view(15, '/ich'));
  const opened = anna.page.context().waitForEvent('page');
  await anna.main.getByRole('button', { name: word('me_place_preview') }).click();
  const preview = await opened;
  await expect(preview.getByText(word('preview_lead'), { exact: true })).toBeVisible();
  await anna.expectWaiting(0);
});
