import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type BrowserContext, chromium, test as base, expect } from '@playwright/test';

import { AppPage } from '../harness/app.ts';
import { expectAccessible } from '../harness/axe.ts';
import { PHONE, launchOptions } from '../harness/browser.ts';
import { Guard } from '../harness/guard.ts';
import { Network } from '../harness/network.ts';
import { Server } from '../harness/server.ts';
import { Town } from '../harness/town.ts';
import { word } from '../harness/words.ts';

interface House {
  server: Server;
  network: Network;
  /** A home folder with the phone's store of certificates. */
  home: string;
  guard: Guard;
}

const test = base.extend<{ house: House }>({
  house: async ({}, use, info) => {
    const network = await Network.make();
    test.skip(typeof network === 'string', `this system gives no network of its own: ${String(network)}`);
    if (typeof network === 'string') return;
    const home = mkdtempSync(join(tmpdir(), 'weltgewebe-home-'));
    const server = await Server.startInside(network.inside, '0.0.0.0', '--tls');
    const guard = new Guard(server.port, network.address);
    await use({ server, network, home, guard });
    if (info.status !== info.expectedStatus) {
      await info.attach('the server said last', { body: server.log, contentType: 'text/plain' });
    }
    await server.remove();
    network.end();
    rmSync(home, { recursive: true, force: true, maxRetries: 5 });
    expect(guard.found, 'errors in the console, of the policy, or requests to another origin').toEqual([]);
  },
});

/** A phone in the network, with its own store of trusted authorities; certificate errors count. */
async function phone({ network, home, guard }: House, name: string): Promise<BrowserContext> {
  const executablePath = await network.wrap('/usr/bin/chromium', join(home, 'chromium'));
  const options = launchOptions();
  const opened = await chromium.launchPersistentContext(join(home, name), {
    ...options,
    ...PHONE,
    executablePath,
    env: { ...options.env, HOME: home },
    acceptDownloads: true,
    ignoreHTTPSErrors: false,
    locale: 'de-DE',
  });
  await guard.watch(opened);
  return opened;
}

/** Puts an authority into the store that Chromium asks, as a person does by hand. */
function trust(home: string, certificate: string): void {
  const store = join(home, '.pki/nssdb');
  mkdirSync(store, { recursive: true });
  const certutil = (...words: string[]) => execFileSync('certutil', ['-d', `sql:${store}`, ...words]);
  certutil('-N', '--empty-password');
  certutil('-A', '-t', 'C,,', '-n', 'Weltgewebe', '-i', certificate);
}

test('a phone that trusts the authority weaves encrypted, with all that browsers give to it', async ({ house }) => {
  test.setTimeout(180_000);
  const { server, network, home, guard } = house;
  const encrypted = `https://${network.address}:${server.port}`;

  const before = await phone(house, 'before');
  const stranger = before.pages()[0]!;
  guard.expects(/ERR_CERT_AUTHORITY_INVALID/);
  const refused = await before.newPage();
  await expect(refused.goto(encrypted)).rejects.toThrow('ERR_CERT_AUTHORITY_INVALID');
  // Typed without a scheme, the address leads to the words that help.
  await stranger.goto(`http://${network.address}:${server.port}/?lang=de`);
  await expect(stranger.getByRole('heading', { level: 1 })).toHaveText(word('trust_title'));
  await expect(stranger.getByText(word('trust_android'))).toBeVisible();
  await expectAccessible(stranger, 'how to trust the authority');
  const fingerprint = (await stranger.locator('.fingerprint').textContent()) ?? '';
  expect(server.log).toContain(fingerprint);
  const [download] = await Promise.all([
    stranger.waitForEvent('download'),
    stranger.getByRole('link', { name: word('trust_download') }).click(),
  ]);
  const certificate = join(home, 'weltgewebe.crt');
  await download.saveAs(certificate);
  const digest = createHash('sha256').update(readFileSync(certificate)).digest('hex').toUpperCase();
  expect(digest.match(/../g)?.join(':')).toBe(fingerprint);
  await before.close();
  trust(home, certificate);

  const context = await phone(house, 'after');
  const town = new Town();
  const app = new AppPage(context.pages()[0]!);
  await app.open(`${encrypted}${town.view()}`);
  expect(await app.page.evaluate(() => [isSecureContext, 'locks' in navigator, 'serviceWorker' in navigator])).toEqual([
    true,
    true,
    true,
  ]);
  await app.expectLive();

  // Without a mail server the host reads the code in the mailbox, on the machine itself, and tells it.
  await app.page.goto(`${encrypted}/anmelden`);
  await app.expectAwake();
  await app.askForLetter('anna@weben.test');
  const host = await context.newPage();
  await host.goto(`http://127.0.0.1:${server.port}${server.mailbox}`);
  const code = /\b\d{8}\b/.exec((await host.getByRole('main').textContent()) ?? '')?.[0] ?? '';
  await host.close();
  await app.front();
  await app.enterCode(code);
  await app.register('Anna', 'hidden');
  const session = (await context.cookies(encrypted)).find((cookie) => cookie.name === 'wg_session');
  expect(session).toMatchObject({ secure: true, httpOnly: true });
  await app.open(`${encrypted}${town.view()}`);
  await app.weave({ title: 'Beet hinter der Schule' });
  await app.expectWaiting(0);

  const other = await phone(house, 'other');
  const guest = new AppPage(other.pages()[0]!);
  await guest.open(`${encrypted}${town.view()}`);
  await expect(guest.knot('Beet hinter der Schule')).toBeVisible();
  await other.close();
  await context.close();
});
