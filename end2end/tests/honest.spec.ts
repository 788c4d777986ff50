import type { WebSocketRoute } from '@playwright/test';

import { NO_NETWORK } from '../harness/guard.ts';
import { uuid7 } from '../harness/ids.ts';
import { expect, test } from '../harness/test.ts';
import { Town } from '../harness/town.ts';
import { word } from '../harness/words.ts';

test('a server that is gone is not a network that is gone', async ({ people, town, server, guard }) => {
  test.setTimeout(120_000);
  guard.expects(...NO_NETWORK);
  const anna = await people.browser(await people.register('Anna'));
  await anna.open(town.view());
  await anna.expectLive();
  await server.kill();
  await expect(anna.line).toContainText(word('line_unanswered'), { timeout: 60_000 });
  await expect(anna.main).toContainText(word('line_unanswered_text'));
  await expect(anna.main).not.toContainText(word('line_offline_text'));
  await anna.page.context().setOffline(true);
  await expect(anna.line).toContainText(word('line_offline'));
  await expect(anna.main).toContainText(word('line_offline_text'));
  await anna.page.context().setOffline(false);
  await server.startAgain();
  await anna.expectLive();
  await expect(anna.main).not.toContainText(word('line_unanswered_text'));
});

test('what could not be fetched is not called missing, and comes by itself', async ({ people, town, guard }) => {
  guard.expects(...NO_NETWORK);
  const anna = await people.register('Anna');
  for (const title of ['Bienenstock', 'Imkerhut']) {
    await people.does(anna, { act: 'knot-node', node: uuid7(), kind: 'tool', title, text: '', place: town.at(), starts_at: null });
  }
  const guest = await people.browser();
  // From elsewhere, so that no room brings the knots.
  await guest.open(new Town().view(15, `/rolle/${anna.role}`));
  await guest.expectLive();
  await guest.page.context().setOffline(true);
  await guest.expectNotLive();
  await guest.main.getByRole('link', { name: 'Bienenstock', exact: true }).click();
  await expect(guest.heading(word('away_title'))).toBeVisible();
  await guest.page.context().setOffline(false);
  await expect(guest.heading('Bienenstock')).toBeVisible();
  await guest.expectLive();
  await expect(guest.main).not.toContainText(word('away'));

  // The channel stays, one question alone finds no answer.
  await guest.page.goBack();
  await expect(guest.heading('Anna')).toBeVisible();
  await guest.page.route('**/api/page?**', (route) => route.abort());
  await guest.main.getByRole('link', { name: 'Imkerhut', exact: true }).click();
  await expect(guest.heading(word('away_title'))).toBeVisible();
  await expect(guest.main).toContainText(word('away'));
  await guest.page.unroute('**/api/page?**');
  await expect(guest.heading('Imkerhut')).toBeVisible();
  await expect(guest.main).not.toContainText(word('away'));
});

test('where the channel alone is cut, what one does arrives, and nothing is said against the server', async ({ people, town, guard }) => {
  test.setTimeout(120_000);
  guard.expects(...NO_NETWORK);
  const anna = await people.browser(await people.register('Anna'));
  const opened: WebSocketRoute[] = [];
  let isCut = false;
  await anna.page.routeWebSocket(/\/ws$/, async (socket) => {
    if (isCut) return socket.close({ code: 1001 });
    socket.connectToServer();
    opened.push(socket);
  });
  await anna.open(town.view());
  await anna.expectLive();
  isCut = true;
  for (const socket of opened) await socket.close({ code: 1001 });
  for (const [title, again] of [['Nach dem Schnitt', true], ['Nach dem Neuladen', false]] as const) {
    await anna.weave({ title });
    await anna.expectWaiting(0);
    await expect(anna.main).not.toContainText(word('node_on_its_way'));
    if (again) await anna.open(town.view());
  }
  await anna.home();
  for (const title of ['Nach dem Schnitt', 'Nach dem Neuladen']) await expect(anna.knot(title)).toBeVisible();
  await expect(anna.main).toContainText(word('line_deaf_text'), { timeout: 60_000 });
  await expect(anna.line).toContainText(word('line_deaf'));
  await expect(anna.main).not.toContainText(word('line_unanswered_text'));
  isCut = false;
  await anna.expectLive();
  await expect(anna.main).not.toContainText(word('line_deaf_text'));
});
