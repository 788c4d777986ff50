import { CATEGORIES, audit } from '../harness/lighthouse.ts';
import { APPLES, weaveNeighbourhood } from '../harness/neighbourhood.ts';
import { expect, test } from '../harness/test.ts';

/** What Lighthouse finds by looking has to be right; how fast it was is told, for it is this machine's time. */
const LOOKED_AT = ['accessibility', 'best-practices', 'seo'] as const;

test('Lighthouse finds nothing to complain of on the page of a knot and on the first one', async ({ people, town, server }) => {
  test.setTimeout(240_000);
  const weave = await weaveNeighbourhood(people, town);
  for (const [name, path] of [['knot', `/knoten/${weave.node(APPLES)}`], ['start', town.view(15)]] as const) {
    const { scores, metrics, failed } = await audit(server.url + path, name);
    console.log(`figure: Lighthouse, ${name}: ${CATEGORIES.map((category) => `${category} ${scores[category]}`).join(', ')}`);
    console.log(`figure: Lighthouse, ${name}: ${Object.entries(metrics).map(([id, value]) => `${id} ${id.endsWith('shift') ? value.toFixed(3) : Math.round(value)}`).join(', ')}`);
    for (const category of LOOKED_AT) expect(scores[category], `${name}, ${category}: ${failed.join('; ')}`).toBeGreaterThanOrEqual(95);
  }
});
