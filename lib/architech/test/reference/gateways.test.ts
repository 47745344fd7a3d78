import fc from "fast-check";
import type { ModelDocument } from "#src/model/document.js";
import type { FaultDocument } from "#src/model/fault-document.js";
import type { ServiceDocument } from "#src/model/service-document.js";
import { eventsOf, holds, sameEvents } from "./events.js";
import { Link, type LinkSettings } from "./link.js";
import { Log } from "./log.js";
import { Failed, Happening, type Process } from "./process.js";
import { apart, fineMs, ms, opsOf, requests, traced, working, works } from "./requests.js";

const untilMs = 80;
const names = ["east", "west"] as const;

interface Health {
  readonly every: number;
  /** Share of `every`. */
  readonly timeout: number;
  readonly down: number;
  readonly up: number;
}

const trouble = fc.record({
  what: fc.constantFrom("outage" as const, "partition" as const),
  nth: fc.nat({ max: 1 }),
  at: fineMs(0.1, 20),
  for: fineMs(0.1, 25),
  requests: fc.constantFrom("hang" as const, "refuse" as const),
});
const link: fc.Arbitrary<LinkSettings> = fc.record({
  latency: fineMs(0.05, 1.5),
  loss: fc.constantFrom(0, 0.3),
  retransmit: fineMs(0.1, 2),
  request: fc.oneof(fc.constant(0), fineMs(0.05, 0.5)),
  response: fc.constant(0),
});

/** A service, as far as a gateway is concerned: how it is reached, whether it is up, and what is known of that. */
class Target {
  readonly name: string;
  readonly link: Link;
  readonly #health: Health;
  #outages = 0;
  #refusals = 0;
  #up = new Happening();
  knownDown = false;
  #streak = 0;

  constructor(name: string, link: Link, health: Health) {
    [this.name, this.link, this.#health] = [name, link, health];
  }

  stop(refuses: boolean, begins: boolean): void {
    if (refuses) this.#refusals += begins ? 1 : -1;
    this.#outages += begins ? 1 : -1;
    if (this.#outages > 0) return;
    const up = this.#up;
    this.#up = new Happening();
    up.happen();
  }

  /** Is let in, or refused, or waits until it is up. */
  *enter(): Process {
    if (this.#refusals > 0) throw new Failed();
    while (this.#outages > 0) yield this.#up;
  }

  /** So many looks in a row that see otherwise than is known change what is known. */
  see(down: boolean): void {
    this.#streak = down === this.knownDown ? 0 : this.#streak + 1;
    if (this.#streak < (down ? this.#health.down : this.#health.up)) return;
    if (down !== this.knownDown) [this.knownDown, this.#streak] = [down, 0];
  }
}

describe("truth: gateways, event by event", () => {
  const cases = fc.record({
    all: requests(2).map(apart),
    health: fc.record({
      every: fineMs(0.5, 4),
      timeout: fc.constantFrom(0.25, 0.5, 1),
      down: fc.integer({ min: 1, max: 3 }),
      up: fc.integer({ min: 1, max: 2 }),
    }),
    links: fc.tuple(link, link),
    troubles: fc.array(trouble, { minLength: 1, maxLength: 3 }),
  });

  it("a look is a request over the link: one that is refused, or has no answer in time, sees a service down", () => {
    holds(cases, ({ all, health, links, troubles }) => {
      const { every, timeout, down, up } = health;
      const service: ServiceDocument = { kind: "service", ops: opsOf(all, working) };
      const model: ModelDocument = {
        architech: 1,
        nodes: {
          edge: {
            kind: "gateway",
            to: names,
            ops: all.map(({ name }) => name),
            balance: "first",
            health: { every: ms(every), timeout: ms(every * timeout), down, up },
          },
          east: service,
          west: service,
        },
        traffic: traced(all, "edge"),
        network: {
          hops: names.map((to, i) => {
            const { latency, loss, retransmit, request } = links[i]!;
            const size = { bandwidth: "8Mbps", request: `${request}KB` };
            return { from: "edge", to, latency: ms(latency), loss, retransmit: ms(retransmit), ...size };
          }),
        },
        faults: troubles.map(({ what, nth, at, for: time, requests }): FaultDocument => {
          const when = { at: ms(at), for: ms(time), requests };
          if (what === "outage") return { do: what, node: names[nth]!, ...when };
          return { do: what, between: ["edge", names[nth]!], ...when };
        }),
      };
      const log = new Log();
      const { world } = log;
      const targets = names.map((name, i) => new Target(name, new Link(world, links[i]!), health));
      for (const { what, nth, at, for: time, requests } of troubles)
        for (const [when, begins] of [
          [at, true],
          [at + time, false],
        ] as const)
          world.after(when, () => {
            const target = targets[nth]!;
            if (what === "outage") target.stop(requests === "refuse", begins);
            else target.link.cut(requests === "refuse", begins);
          });
      const look = function* (target: Target): Process {
        const answer = new Happening();
        const path = `edge/health/${target.name}`;
        const end = world.start(target.link.call(path, target.enter(), false));
        end.afterwards(() => answer.happen(end.outcome));
        world.after(every * timeout, () => answer.happen("failed"));
        try {
          yield answer;
          target.see(false);
        } catch (failed) {
          if (!(failed instanceof Failed)) throw failed;
          target.see(true);
        }
      };
      world.start(
        (function* () {
          for (;;) {
            yield every;
            for (const target of targets) world.start(look(target));
          }
        })(),
      );
      for (const request of all) {
        const { name } = request;
        const serve = function* (target: Target): Process {
          yield* target.enter();
          yield* works(request);
        };
        const handOn = function* (): Process {
          const target = targets.find(({ knownDown }) => !knownDown) ?? targets[0]!;
          yield* target.link.call(`edge/${name}/${target.name}`, log.through(`${target.name}.${name}`, serve(target)));
        };
        world.after(request.at, () => world.start(log.through(`edge.${name}`, handOn())));
      }
      world.run(untilMs);
      sameEvents(eventsOf(model, ["edge", ...names], untilMs), log.events);
    });
  });
});
