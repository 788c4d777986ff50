import { longestInteraction, watchInteractions } from '../harness/interaction.ts';
import { APPLES, weaveNeighbourhood } from '../harness/neighbourhood.ts';
import { expect, test } from '../harness/test.ts';
import { word } from '../harness/words.ts';

/** A phone a quarter as fast as this machine. */
const TIMES_SLOWER = 4;

test('on a slow phone each tap and key is answered with a picture', async ({ people, town }, { project }) => {
  test.setTimeout(180_000);
  const { bert } = await weaveNeighbourhood(people, town);
  const app = await people.browser(bert);
  const { page } = app;
  await app.open(town.view());
  if (project.name === 'map') await app.expectMap();
  await app.expectLive();
  await app.settled();
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: TIMES_SLOWER });
  await watchInteractions(page);
  const where = project.name === 'map' ? 'beside the map' : 'without a map';
  const told = async (what: string) => {
    const longest = await longestInteraction(page);
    console.log(`figure: on a processor ${TIMES_SLOWER} times slower, ${where}, ${what}, to the next paint: ${Math.round(longest)} ms`);
  };
  await app.main.getByRole('navigation', { name: word('lens_title') }).getByRole('link').first().tap();
  await expect(page).toHaveURL(/linse=/);
  await told('a lens');
  await page.locator('.lensed').getByRole('link').tap();
  await expect(page).not.toHaveURL(/linse=/);
  await told('no lens');
  await app.knot(APPLES).tap();
  await expect(app.heading(APPLES)).toBeVisible();
  await told('a knot opened');
  await app.main.getByRole('button', { name: word('node_join'), exact: true }).tap();
  await app.expectWaiting(0);
  await told('a knot joined');
  await page.getByRole('button', { name: word('sheet_half') }).tap();
  await expect(page.locator('html[data-sheet="full"]')).toBeAttached();
  await told('the sheet raised');
  await app.bar.getByRole('link', { name: word('bar_weave_short') }).tap();
  await expect(app.heading(word('weave_title'))).toBeVisible();
  await told('the form opened');
  await app.titleField.pressSequentially('Apfelpresse', { delay: 30 });
  await expect(app.main).toContainText(word('alike_title'));
  await told('a title typed');
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: 1 });
});
