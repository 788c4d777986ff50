import type { Place } from './api.ts';

const UNIT = 1e7;
const METRES_OF_A_DEGREE = 111_320;
/** Degrees between two towns: farther than any view or room of these tests reaches. */
const APART = 0.4;

let founded = 0;

/** A place on Earth that no other test weaves in. */
export class Town {
  readonly #lat: number;
  readonly #lon: number;

  /** In the next free place, or where there already is one; degrees. */
  constructor(lat?: number, lon?: number) {
    const row = Math.floor(founded / 20);
    this.#lat = lat ?? 46 + row * APART;
    this.#lon = lon ?? 6 + (founded % 20) * APART;
    founded += 1;
  }

  /** A point so many metres away from the middle. */
  at(eastM = 0, northM = 0): Place {
    const narrowing = Math.cos((this.#lat * Math.PI) / 180);
    return {
      lat: Math.round((this.#lat + northM / METRES_OF_A_DEGREE) * UNIT),
      lon: Math.round((this.#lon + eastM / (METRES_OF_A_DEGREE * narrowing)) * UNIT),
    };
  }

  /** The address of a view of it. */
  view(zoom = 15, path = '/'): string {
    return `${path}?@${this.#lat.toFixed(5)},${this.#lon.toFixed(5)},${zoom.toFixed(2)}`;
  }
}
