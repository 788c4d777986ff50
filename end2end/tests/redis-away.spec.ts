import { figures } from '../harness/figure.ts';
import { uuid7 } from '../harness/ids.ts';
import { expect, test } from '../harness/test.ts';
import { Wire } from '../harness/wire.ts';

const ACTS = 4;

test('while Redis stands still what is woven arrives all the same, and its answer does not wait', async ({ people, town, server, api }) => {
  const anna = await people.register('Anna');
  const bert = await people.browser();
  const wire = new Wire(bert.page);
  await bert.open(town.view());
  await bert.expectLive();
  await expect.poll(() => wire.answered).toBe(true);
  const ready = async () => {
    const answer = await fetch(`${server.url}/health/ready`);
    return [answer.status, ((await answer.json()) as { status: string }).status];
  };

  const weave = async (how: string) => {
    const [answered, arrived]: [number[], number[]] = [[], []];
    for (let n = 0; n < ACTS; n += 1) {
      const title = `${how} ${n}`;
      const asked = performance.now();
      const act = { act: 'knot-node', node: uuid7(), kind: 'idea', title, text: '', place: town.at(n * 10), starts_at: null } as const;
      expect((await api.submit(anna.session, anna.role, act)).status).toBe(200);
      const told = performance.now();
      await expect.poll(() => wire.roomsOf(title).length, { intervals: [10] }).toBeGreaterThan(0);
      answered.push(told - asked);
      arrived.push(performance.now() - told);
    }
    figures(`${how}, the answer to an act`, ...answered);
    figures(`${how}, from the answer to another browser`, ...arrived);
    await expect(bert.knot(`${how} ${ACTS - 1}`)).toBeVisible();
  };
  test.slow();
  await weave('with Redis');
  expect(await ready()).toEqual([200, 'ok']);
  await server.signalRedis('SIGSTOP');
  try {
    await weave('while Redis stands still');
    await expect.poll(ready, 'it says that it has no bus').toEqual([200, 'degraded']);
  } finally {
    await server.signalRedis('SIGCONT');
  }
  await expect.poll(ready, 'it heals by itself').toEqual([200, 'ok']);
  await bert.expectLive();
});
