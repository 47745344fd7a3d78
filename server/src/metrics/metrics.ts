import type { RequestHandler } from "express";
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";

/** Seconds below which requests are counted together: from what a cache answers to what a person gives up on. */
const secondsBelow = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** A number that is asked for when somebody looks, by the values of its labels. */
export type Reading = () => Promise<
  readonly { readonly labels?: Readonly<Record<string, string>>; readonly value: number }[]
>;

/** What a process counts and measures, for Prometheus; CPU, memory and the delay of the event loop among it. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #seconds: Histogram;

  constructor() {
    collectDefaultMetrics({ register: this.#registry });
    this.#seconds = new Histogram({
      name: "architech_http_request_seconds",
      help: "Time from a request to the end of its answer, by method, the kind of thing asked for, and status.",
      labelNames: ["method", "api", "status"],
      buckets: secondsBelow,
      registers: [this.#registry],
    });
  }

  /** Measures every request that passes. */
  get requests(): RequestHandler {
    return (request, response, next) => {
      const begun = performance.now();
      response.once("close", () => {
        const labels = {
          method: request.method,
          api: kindOf(request.originalUrl),
          status: String(response.statusCode),
        };
        this.#seconds.observe(labels, (performance.now() - begun) / 1000);
      });
      next();
    };
  }

  /** A count that only grows. */
  counter(name: string, help: string): (by?: number) => void {
    const counter = new Counter({ name, help, registers: [this.#registry] });
    return (by = 1) => counter.inc(by);
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
        // A gauge without labels is reset to nought, which would be a lie.
        if (labelNames.length === 0) this.remove();
        for (const { labels = {}, value } of await read().catch(() => [])) this.set(labels, value);
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

/** `contents`, `runs` and the like; paths themselves would be as many as there are documents. */
function kindOf(url: string): string {
  const [, kind] = /\/api\/([a-z]+)(?:[/?]|$)/.exec(url) ?? [];
  return kind ?? "other";
}
