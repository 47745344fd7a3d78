import { JetStreamApiError, type StreamConfig } from "@nats-io/jetstream";
import type { JetStream, Link } from "./link.js";
import { apiCodes } from "./transient.js";

/** In a cluster three copies are the least of which one may be lost. */
const copiesInCluster = 3;

/** Makes sure of a stream, once for each process. */
export class EnsuredStream {
  readonly name: string;
  readonly #link: Link;
  readonly #replicas: number | undefined;
  readonly #config: Partial<StreamConfig>;
  readonly #also: (streams: JetStream) => Promise<unknown>;
  #ensured: Promise<void> | undefined;

  constructor(
    link: Link,
    replicas: number | undefined,
    config: Partial<StreamConfig> & { name: string },
    also: (streams: JetStream) => Promise<unknown> = async () => {},
  ) {
    this.name = config.name;
    this.#link = link;
    this.#replicas = replicas;
    this.#config = config;
    this.#also = also;
  }

  /** Acts on the stream, patiently, after it was made where it was not there. */
  async patiently<T>(what: string, act: (streams: JetStream, attempt: number) => Promise<T>): Promise<T> {
    await this.ensure(what);
    return this.#link.patiently(what, act);
  }

  async ensure(what: string): Promise<void> {
    this.#ensured ??= this.#link.patiently(what, async (streams) => {
      const { nc, jsm } = streams;
      const num_replicas = this.#replicas ?? (nc.info?.cluster === undefined ? 1 : copiesInCluster);
      await jsm.streams
        .add({ ...this.#config, name: this.name, storage: "file", num_replicas })
        // One that is there and differs was made by another version or other options: it serves as well.
        .catch((error) => {
          if (!(error instanceof JetStreamApiError) || error.code !== apiCodes.streamExists) throw error;
        });
      await this.#also(streams);
    });
    try {
      await this.#ensured;
    } catch (error) {
      this.#ensured = undefined;
      throw error;
    }
  }
}
