import { firstBucket, pageSize, pagesEach } from "../engine/histogram.js";

const float = new Float64Array(1);
const words = new Int32Array(float.buffer);

/** Histograms as the engine keeps them: in pages, of which only those exist that were ever hit. */
export class RecordedPages {
  counts: Int32Array = new Int32Array(16 * pageSize);
  info: Int32Array = new Int32Array(16 * 4);
  readonly table: Int32Array;
  readonly touched: Int32Array;
  count = 0;
  epoch = 1;

  constructor(histograms: number) {
    this.table = new Int32Array(histograms * pagesEach).fill(-1);
    this.touched = new Int32Array(histograms).fill(-1);
  }

  /** Counts a value. */
  record(histogram: number, value: number): void {
    float[0] = value;
    let bucket = (words[1]! >> 13) - firstBucket;
    if (bucket < 0) bucket = 0;
    else if (bucket > 8191) bucket = 8191;
    let page = this.table[histogram * pagesEach + (bucket >> 5)]!;
    if (page < 0) page = this.#add(histogram, bucket >> 5);
    if (this.info[page * 4 + 2] !== this.epoch) {
      this.info[page * 4 + 2] = this.epoch;
      this.info[page * 4 + 3] = this.touched[histogram]!;
      this.touched[histogram] = page;
    }
    this.counts[page * pageSize + (bucket & 31)]!++;
  }

  #add(histogram: number, place: number): number {
    const page = this.count++;
    if ((page + 1) * 4 > this.info.length) {
      this.counts = twice(this.counts);
      this.info = twice(this.info);
    }
    this.table[histogram * pagesEach + place] = page;
    this.info[page * 4] = histogram;
    this.info[page * 4 + 1] = place;
    return page;
  }
}

function twice(from: Int32Array): Int32Array {
  const to = new Int32Array(2 * from.length);
  to.set(from);
  return to;
}
