import type { LaunchOptions } from '@playwright/test';

/** The phone that everything is designed on. */
export const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true } as const;
export const WIDE = { viewport: { width: 1280, height: 800 } } as const;

/** A name that leads to this machine and that no browser calls a secure context. */
export const INSECURE_HOST = 'weltgewebe.test';

/** What browsers give secure contexts alone (Web Locks among it) is missing in the other. */
export const CONTEXTS = [['a secure', '127.0.0.1'], ['an insecure', INSECURE_HOST]] as const;

/** WebGL by software; without them the page shows its state for browsers that cannot draw the map. */
export const MAP_FLAGS = ['--use-angle=swiftshader', '--enable-unsafe-swiftshader'];

const FLAGS = [
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  `--host-resolver-rules=MAP ${INSECURE_HOST} 127.0.0.1`,
];

/** How the system's Chromium is started. */
export function launchOptions(more: string[] = ['--disable-gpu', '--disable-3d-apis']): LaunchOptions {
  return {
    executablePath: process.env['WELTGEWEBE_CHROMIUM'] ?? '/usr/bin/chromium',
    args: [...FLAGS, ...more],
    // The tests' own tools reach the server by themselves; nothing of the machine's proxy is wanted.
    env: { ...process.env, no_proxy: '*' },
  };
}
