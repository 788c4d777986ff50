import { expectAccessible } from '../harness/axe.ts';
import { uuid7 } from '../harness/ids.ts';
import { expect, test } from '../harness/test.ts';
import { word } from '../harness/words.ts';

test('while one types a title, what is there already is shown, and what is typed stays', async ({ people, town }) => {
  const bert = await people.register('Bert');
  for (const [title, east] of [['Bohrmaschine, 800 Watt', 60], ['Bohrmaschine am anderen Ende', 5000], ['Waschmaschine', 30]] as const) {
    await people.does(bert, { act: 'knot-node', node: uuid7(), kind: 'tool', title, text: '', place: town.at(east, 0), starts_at: null });
  }
  const anna = await people.browser(await people.register('Anna'));
  await anna.open(town.view());
  await anna.expectLive();
  await anna.fillIn({ title: 'Boh' });
  const there = anna.main.getByRole('status').filter({ hasText: word('alike_title') });
  await expect(there).toHaveCount(0);
  await anna.titleField.pressSequentially('rmaschiene');
  await expect(there.getByRole('link')).toHaveCount(1);
  await expect(there.getByRole('link')).toContainText('Bohrmaschine, 800 Watt');
  await expectAccessible(anna.page, 'what is there already');
  await there.getByRole('link').click();
  await expect(anna.heading('Bohrmaschine, 800 Watt')).toBeVisible();
  await anna.page.goBack();
  await expect(anna.titleField).toHaveValue('Bohrmaschiene');
  await expect(there.getByRole('link')).toHaveCount(1);
  // It is only asked: who means another one knots it.
  await anna.titleField.fill('Bohrmaschine');
  await anna.send();
  await expect(anna.heading('Bohrmaschine')).toBeVisible();
});
