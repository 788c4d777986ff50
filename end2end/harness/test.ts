import { test as base, expect } from '@playwright/test';

import { Api } from './api.ts';
import { AppPage } from './app.ts';
import { Guard } from './guard.ts';
import { People } from './people.ts';
import { Server } from './server.ts';
import { Town } from './town.ts';

interface Fixtures {
  guard: Guard;
  town: Town;
  api: Api;
  people: People;
  /** The default page: a guest's. */
  app: AppPage;
}

interface WorkerFixtures {
  /** One for all tests; whoever kills it starts it again. */
  server: Server;
}

export const test = base.extend<Fixtures, WorkerFixtures>({
  server: [
    async ({}, use) => {
      const server = await Server.start();
      await use(server);
      await server.remove();
    },
    { scope: 'worker', timeout: 90_000 },
  ],
  baseURL: async ({ server }, use) => use(server.url),
  guard: [
    async ({ server }, use, info) => {
      const guard = new Guard(server.port);
      await use(guard);
      if (info.status !== info.expectedStatus) {
        await info.attach('the server said last', { body: server.log, contentType: 'text/plain' });
      }
      expect(guard.found, 'errors in the console, of the policy, or requests to another origin').toEqual([]);
    },
    { auto: true },
  ],
  context: async ({ context, guard }, use) => {
    await guard.watch(context);
    await use(context);
  },
  town: async ({}, use) => use(new Town()),
  api: async ({ server }, use) => use(new Api(server)),
  people: async ({ api, server, browser, guard }, use) => {
    const people = new People(api, server, browser, guard);
    await use(people);
    await people.leave();
  },
  app: async ({ page }, use) => use(new AppPage(page)),
});

export { expect };
