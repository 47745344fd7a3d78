import type { SampleSeries } from "./samples.js";

/**
 * Series cut into pieces of at most so many samples, by time: what is written first is the earliest of all series. A
 * database that has seen a later sample may refuse one that is much earlier, of whatever series.
 */
export function* slices(all: readonly SampleSeries[], most: number): Generator<SampleSeries[]> {
  const places = all.map(() => 0);
  const times = [...new Set(all.flatMap(({ times }) => times))].sort((a, b) => a - b);
  let slice = new Map<number, SampleSeries>();
  let count = 0;
  for (const time of times) {
    if (count > 0 && count + all.length > most) {
      yield [...slice.values()];
      slice = new Map();
      count = 0;
    }
    for (const [i, series] of all.entries()) {
      const place = places[i]!;
      if (series.times[place] !== time) continue;
      places[i] = place + 1;
      let piece = slice.get(i);
      if (piece === undefined)
        slice.set(i, (piece = { name: series.name, labels: series.labels, times: [], values: [] }));
      piece.times.push(time);
      piece.values.push(series.values[place]!);
      count += 1;
    }
  }
  if (count > 0) yield [...slice.values()];
}
