import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";

/** Values of labels by their names. */
export type Labels = Readonly<Record<string, string>>;

interface Value {
  readonly labels?: Labels;
  readonly value: number;
}

/** A number that is asked for when somebody looks, by the values of its labels. */
export type Reading = () => Promise<readonly Value[]>;

/** A number that cannot be read in this time, ms, is left out: whoever looks waits for ten seconds at most. */
const readingMs = 1_500;

/** What a process counts and measures, for Prometheus; CPU, memory and the delay of the event loop among it. */
export class Metrics {
  readonly #registry = new Registry();

  constructor() {
    collectDefaultMetrics({ register: this.#registry });
  }

  /** A count that only grows, by the values of its labels. `from`: those that are there from the start, at nought. */
  counter(
    name: string,
    help: string,
    labelNames: readonly string[] = [],
    from: readonly Labels[] = [],
  ): (by?: number, labels?: Labels) => void {
    const counter = new Counter({ name, help, labelNames: [...labelNames], registers: [this.#registry] });
    for (const labels of from) counter.inc(labels, 0);
    return (by = 1, labels = {}) => counter.inc(labels, by);
  }

  /** How many observations, such as times in seconds, were below each of some bounds. */
  histogram(
    name: string,
    help: string,
    labelNames: readonly string[],
    below: readonly number[],
  ): (value: number, labels: Labels) => void {
    const registers = [this.#registry];
    const histogram = new Histogram({ name, help, labelNames: [...labelNames], buckets: [...below], registers });
    return (value, labels) => histogram.observe(labels, value);
  }

  /** A number that is read whenever somebody looks. One that cannot be read is left out. */
  gauge(name: string, help: string, labelNames: readonly string[], read: Reading): void {
    new Gauge({
      name,
      help,
      labelNames: [...labelNames],
      registers: [this.#registry],
      async collect() {
        this.reset();
        // One without labels is reset to nought, which would be a lie.
        if (labelNames.length === 0) this.remove();
        for (const { labels = {}, value } of await inTime(read)) this.set(labels, value);
      },
    });
  }

  /** A count that is kept elsewhere, and read whenever somebody looks. */
  total(name: string, help: string, labelNames: readonly string[], read: Reading): void {
    new Counter({
      name,
      help,
      labelNames: [...labelNames],
      registers: [this.#registry],
      async collect() {
        this.reset();
        if (labelNames.length === 0) this.remove();
        for (const { labels = {}, value } of await inTime(read)) this.inc(labels, value);
      },
    });
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  /** All of it, in the text format of Prometheus. */
  text(): Promise<string> {
    return this.#registry.metrics();
  }
}

async function inTime(read: Reading): Promise<readonly Value[]> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<[]>((resolve) => {
    timer = setTimeout(() => resolve([]), readingMs);
  });
  const values = await Promise.race([read().catch(() => []), late]);
  clearTimeout(timer);
  return values;
}
