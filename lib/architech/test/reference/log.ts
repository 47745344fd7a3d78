import type { Event } from "./events.js";
import { type Process, World } from "./process.js";
import type { Request } from "./requests.js";

/** Writes down what happens in a reference. */
export class Log {
  readonly events: Event[] = [];
  readonly world: World = new World();

  note(what: string): void {
    this.events.push({ at: this.world.now, what });
  }

  /** Goes through steps in the name of a node, and notes how they begin and end. */
  *through(name: string, steps: Process): Process {
    this.note(`${name} comes`);
    try {
      yield* steps;
      this.note(`${name} ends`);
    } catch (failed) {
      this.note(`${name} fails`);
      throw failed;
    }
  }

  /** What happens when each of the requests goes through such steps in the name of a node. */
  static of<Of extends Request>(
    all: readonly Of[],
    at: string,
    stepsOf: (log: Log) => (request: Of) => Process,
    untilMs?: number,
  ): Event[] {
    const log = new Log();
    const steps = stepsOf(log);
    log.world.start(
      (function* () {
        for (const request of all) {
          yield request.at - log.world.now;
          log.world.start(log.through(`${at}.${request.name}`, steps(request)));
        }
      })(),
    );
    log.world.run(untilMs);
    return log.events;
  }
}
