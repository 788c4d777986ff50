import { AppPage } from '../harness/app.ts';
import { Guard } from '../harness/guard.ts';
import { Server } from '../harness/server.ts';
import { expect, test } from '../harness/test.ts';
import { word } from '../harness/words.ts';

test('who opens the demo sees it weave, and that it is one', async ({ browser }) => {
  test.setTimeout(120_000);
  const server = await Server.demo();
  const guard = new Guard(server.port);
  const context = await browser.newContext({ baseURL: server.url });
  try {
    await guard.watch(context);
    const guest = new AppPage(await context.newPage());
    const frames: string[] = [];
    guest.page.on('websocket', (socket) => {
      socket.on('framereceived', ({ payload }) => frames.push(payload.toString()));
    });
    await guest.open('/');
    await guest.expectLive();
    await expect(guest.main.getByRole('listitem').first()).toBeVisible();
    expect(await guest.main.getByRole('listitem').count()).toBeGreaterThan(40);
    // Neighbours act while somebody looks.
    await expect.poll(() => frames.filter((frame) => frame.includes('"drawn_at"')).length).toBeGreaterThan(2);

    await guest.page.getByRole('link', { name: word('demo'), exact: true }).click();
    await expect(guest.page.getByRole('heading', { name: word('about_demo_title') })).toBeVisible();
    expect(guard.found).toEqual([]);
  } finally {
    await context.close();
    await server.remove();
  }
});
