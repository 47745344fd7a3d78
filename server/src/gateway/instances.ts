import type { Membership } from "../cluster/membership.js";
import type { Log } from "../log.js";
import type { Metrics } from "../metrics/metrics.js";
import { type Asker, failureOf } from "./ask.js";
import type { Failure } from "./breaker.js";
import { type ServiceRole, serviceRoles } from "./destination.js";
import { Instance } from "./instance.js";

/** How often each service is asked whether it is ready. */
const probeMs = 5_000;
/** How often those are looked for that may come back. */
const tickMs = 500;

/** The services behind a gateway, and which of them is asked next. */
export class Instances {
  readonly #members: Membership;
  readonly #asker: Asker;
  readonly #log: Log;
  readonly #known = new Map<string, Instance>();
  readonly #failures: Record<Failure, number> = { refused: 0, reset: 0, timeout: 0 };
  readonly #timers: readonly NodeJS.Timeout[];

  constructor(members: Membership, asker: Asker, log: Log) {
    this.#members = members;
    this.#asker = asker;
    this.#log = log;
    this.#timers = [
      setInterval(() => this.#probe(this.all().filter((instance) => !instance.isOut)), probeMs),
      setInterval(() => this.#probe(this.all().filter((instance) => instance.mayProbe)), tickMs),
    ];
  }

  /** Those that there are, as they say, and as the bus has not forgotten them. */
  all(): Instance[] {
    const notes = this.#members.services.all();
    const ids = new Set(notes.map(({ id }) => id));
    for (const id of this.#known.keys()) if (!ids.has(id)) this.#known.delete(id);
    return notes.map((note) => {
      const instance = this.#known.get(note.id) ?? new Instance(note, (how) => this.#failures[how]++);
      instance.hear(note);
      this.#known.set(note.id, instance);
      return instance;
    });
  }

  of(role: ServiceRole): Instance[] {
    return this.all().filter((instance) => instance.does(role));
  }

  get(id: string): Instance | undefined {
    return this.all().find((instance) => instance.id === id);
  }

  /** The healthy one with the fewest open requests, of equals any; none of `except`. */
  pick(role: ServiceRole, except: ReadonlySet<Instance> = none): Instance | undefined {
    return this.#least(role, except, ({ outstanding }) => outstanding);
  }

  /** The healthy one with the fewest kernels. */
  pickForKernel(except: ReadonlySet<Instance> = none): Instance | undefined {
    return this.#least("kernels", except, ({ kernels }) => kernels);
  }

  /** Shows which services there are, and how those failed that were asked. */
  measure(metrics: Metrics): void {
    metrics.gauge(
      "architech_gateway_services",
      "Services that this gateway knows, by what they do, and whether it leads new requests to them.",
      ["service", "state"],
      async () =>
        serviceRoles.flatMap((role) => {
          const all = this.of(role);
          const healthy = all.filter(({ isHealthy }) => isHealthy).length;
          return [
            { labels: { service: role, state: "healthy" }, value: healthy },
            { labels: { service: role, state: "left-out" }, value: all.length - healthy },
          ];
        }),
    );
    metrics.total(
      "architech_gateway_failures_total",
      "Services that did not answer this gateway, by how they did not.",
      ["how"],
      async () => Object.entries(this.#failures).map(([how, value]) => ({ labels: { how }, value })),
    );
  }

  close(): void {
    for (const timer of this.#timers) clearInterval(timer);
  }

  #least(
    role: ServiceRole,
    except: ReadonlySet<Instance>,
    loadOf: (instance: Instance) => number,
  ): Instance | undefined {
    const candidates = this.of(role).filter((instance) => instance.isHealthy && !except.has(instance));
    const least = Math.min(...candidates.map(loadOf));
    const equals = candidates.filter((instance) => loadOf(instance) === least);
    return equals[Math.floor(Math.random() * equals.length)];
  }

  #probe(instances: readonly Instance[]): void {
    for (const instance of instances) {
      if (instance.does("documents") || instance.does("kernels") || instance.does("runs")) void this.#ask(instance);
    }
  }

  async #ask(instance: Instance): Promise<void> {
    try {
      const { status } = await this.#asker.ask(instance.url, "readyz", { timeoutMs: 2_000 });
      instance.probed(status === 200);
    } catch (error) {
      instance.failed(failureOf(error));
      this.#log.info(`${instance.url} does not answer: ${(error as Error).message}`);
    }
  }
}

const none: ReadonlySet<Instance> = new Set();
