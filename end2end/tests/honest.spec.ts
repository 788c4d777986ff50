import { NO_NETWORK } from '../harness/guard.ts';
import { expect, test } from '../harness/test.ts';
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
