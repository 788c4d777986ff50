import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../..');

/** One of the map's scripts that touch neither browser nor map library, joined as the build joins it. */
export async function script(name: string): Promise<any> {
  const tool = join(ROOT, 'tools/bundle.mjs');
  const { bundle } = (await import(tool)) as { bundle: (location: string) => string };
  const whole = bundle(join(ROOT, `public/js/map/${name}.js`));
  return import(`data:text/javascript,${encodeURIComponent(whole)}`);
}
