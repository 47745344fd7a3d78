import { randomUUID } from "node:crypto";
import type { ServiceLoad } from "@architech/protocol";
import type { Bus } from "../bus/bus.js";
import type { Log } from "../log.js";
import type { Role } from "../roles.js";
import { version } from "../version.js";
import { Announcement } from "./announcement.js";
import { Notes } from "./notes.js";
import {
  does,
  packServiceNote,
  type ServiceNote,
  serviceNotes,
  serviceTtlMs,
  unpackServiceNote,
} from "./service-note.js";

/** What this process tells the others. */
export interface Told {
  readonly url: string;
  readonly load: () => ServiceLoad;
  readonly isReady: () => boolean;
}

/** This process among the services of its cluster: it says that it is there, and knows who else is. */
export class Membership {
  readonly id: string = randomUUID();
  readonly services: Notes<ServiceNote>;
  readonly #bus: Bus;
  readonly #roles: readonly Role[];
  readonly #log: Log;
  readonly #since = Date.now();
  #announcement: Announcement | undefined;

  constructor(bus: Bus, roles: readonly Role[], log: Log) {
    this.#bus = bus;
    this.#roles = roles;
    this.#log = log;
    this.services = new Notes(serviceNotes(bus), unpackServiceNote, "the services", log);
  }

  /** Follows the others, and says from now on that it is there. */
  announce({ url, load, isReady }: Told): void {
    this.services.follow();
    const { id } = this;
    const fixed = { id, roles: this.#roles, url, version, since: this.#since };
    this.#announcement = new Announcement({
      state: serviceNotes(this.#bus),
      key: id,
      ttlMs: serviceTtlMs,
      note: () => packServiceNote({ ...fixed, ready: isReady(), load: load() }),
      log: this.#log,
    });
    void this.#announcement.start();
  }

  /** Tells the others at once that something has changed. */
  say(): void {
    void this.#announcement?.say();
  }

  /** The address of one that does this and takes what is new, the same each time as long as it is there. */
  find(role: Exclude<Role, "all">): string | undefined {
    return this.services
      .all()
      .filter((note) => note.ready && does(note, role))
      .sort((a, b) => a.since - b.since)[0]?.url;
  }

  async leave(): Promise<void> {
    this.services.close();
    await this.#announcement?.stop();
  }
}
