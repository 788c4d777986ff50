import type { Kind } from './api.ts';
import { uuid7 } from './ids.ts';
import type { People, Person } from './people.ts';
import type { Town } from './town.ts';

/** A small weave, as a neighbourhood has it after some days. */
export interface Neighbourhood {
  /** Shown exactly; knotted most of it. */
  anna: Person;
  /** Shown within a radius. */
  bert: Person;
  /** Not on the map. */
  cem: Person;
  /** Ids of knots by title. */
  knots: Map<string, string>;
  node(title: string): string;
}

export const APPLES = 'Apfelpresse ausleihen';
/** Text that a page without escaping would run, and one word that is wider than any phone. */
export const HOSTILE = '<script>document.title="böse"</script><img src=x onerror=alert(1)> &amp; "x"';
export const WIDE_WORD = 'Donaudampfschifffahrtsgesellschaftskapitänskajütenschlüsselanhängerverkaufsstand';

/** Who says what at the street party. */
const SAID: [by: 'anna' | 'bert' | 'cem', text: string][] = [
  ['cem', 'Gibt es schon genug Tische?'],
  ['anna', 'Zwölf Stück. Bänke fehlen noch, und wer einen Sonnenschirm hat: her damit!\nAufgebaut wird ab zehn.'],
  ['bert', `Ich bringe drei Bänke mit. ${WIDE_WORD}`],
];

const DAY_MS = 24 * 60 * 60 * 1000;

/** Who knots what, where (metres from the middle), and who joins. */
const WOVEN: [by: 'anna' | 'bert' | 'cem', kind: Kind, title: string, text: string, east: number, north: number][] = [
  ['anna', 'tool', APPLES, 'Steht im Hof hinter dem blauen Tor.\nBitte nach dem Spülen zurückbringen.', 40, 60],
  ['anna', 'event', 'Straßenfest am Körnermarkt', 'Lange Tische, jede und jeder bringt etwas mit.', -120, 90],
  ['bert', 'bed', 'Ein Bett für zwei Nächte', 'Ruhiges Zimmer zum Garten.', 180, -60],
  ['bert', 'place', 'Hochbeete hinter der Schule', 'Drei sind noch frei.', -200, -130],
  ['cem', 'idea', 'Lastenrad für alle im Viertel', 'Wer zahlt mit? Wer hat einen trockenen Platz?', 90, -210],
  ['cem', 'idea', HOSTILE, HOSTILE, -60, 170],
  ['anna', 'idea', WIDE_WORD, `${WIDE_WORD} ${WIDE_WORD}`, 220, 150],
];

/** Weaves it. */
export async function weaveNeighbourhood(people: People, town: Town): Promise<Neighbourhood> {
  const who = {
    anna: await people.register('Anna Amsel', { show: 'exact', place: town.at(-40, -40) }),
    bert: await people.register('Bert vom Berg', { show: 'radius', place: town.at(260, 40), radius: '100m' }),
    cem: await people.register('Cem'),
  };
  const knots = new Map<string, string>();
  for (const [by, kind, title, text, east, north] of WOVEN) {
    const node = uuid7();
    knots.set(title, node);
    const starts_at = kind === 'event' ? Date.now() + 5 * DAY_MS : null;
    await people.does(who[by], { act: 'knot-node', node, kind, title, text, place: town.at(east, north), starts_at });
  }
  const node = (title: string): string => {
    const id = knots.get(title);
    if (!id) throw new Error(`nobody knotted ${title}`);
    return id;
  };
  await people.does(who.bert, { act: 'join-node', node: node(APPLES), level: 'promise' });
  await people.does(who.cem, { act: 'join-node', node: node(APPLES), level: 'promise' });
  await people.does(who.cem, { act: 'join-node', node: node('Straßenfest am Körnermarkt'), level: 'promise' });
  await people.does(who.anna, { act: 'join-node', node: node('Hochbeete hinter der Schule'), level: 'promise' });
  for (const [by, text] of SAID) {
    await people.does(who[by], { act: 'send-message', message: uuid7(), node: node('Straßenfest am Körnermarkt'), text });
  }
  await people.twistAll(who.anna, node(APPLES));
  return { ...who, knots, node };
}
