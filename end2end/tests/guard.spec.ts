import { expect, test } from '../harness/test.ts';

// The other tests fail on what this one provokes: here is seen that it would be noticed.
test('control: a request to another origin, a breach of the policy and an error are noticed', async ({ app, guard }) => {
  await app.open('/');
  await app.page.evaluate(() => fetch('https://example.org/').catch(() => {}));
  await expect.poll(() => guard.found.join('\n')).toMatch(/policy: connect-src stopped https:\/\/example\.org/);
  await app.page.evaluate(() => setTimeout(() => { throw new Error('on purpose'); }));
  await expect.poll(() => guard.found.join('\n')).toMatch(/thrown: .*on purpose/);
  guard.expects(/example\.org/, /on purpose/);
});
