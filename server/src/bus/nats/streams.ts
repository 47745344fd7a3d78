import { JetStreamApiError, type StreamConfig } from "@nats-io/jetstream";
import type { MsgHdrs } from "@nats-io/transport-node";
import type { JetStream, Link } from "./link.js";
import { apiCodes } from "./transient.js";

/** The last message of a subject. */
export interface LastMessage {
  readonly subject: string;
  readonly seq: number;
  readonly header: MsgHdrs;
  readonly data: Uint8Array;
}

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
  /** Copies that there are of it, once that is known. */
  #copies = 0;

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

  /**
   * The last message of a subject; what was acknowledged is seen. Where there is one copy, it is asked directly. Of several
   * any may answer such a question, also one that is behind, so the stream's leader is asked through the API of JetStream,
   * which takes three times as long: bytes as Base64 in JSON, and a notice to whoever audits.
   */
  async last({ jsm }: JetStream, subject: string): Promise<LastMessage | undefined> {
    const query = { last_by_subj: subject };
    const direct = this.#copies === 1 && this.#config.allow_direct === true;
    return (await (direct ? jsm.direct : jsm.streams).getMessage(this.name, query)) ?? undefined;
  }

  async ensure(what: string): Promise<void> {
    this.#ensured ??= this.#link.patiently(what, async (streams) => {
      const { nc, jsm } = streams;
      const num_replicas = this.#replicas ?? (nc.info?.cluster === undefined ? 1 : copiesInCluster);
      const { config } = await jsm.streams
        .add({ ...this.#config, name: this.name, storage: "file", num_replicas })
        .catch(async (error) => {
          if (!(error instanceof JetStreamApiError) || error.code !== apiCodes.streamExists) throw error;
          // One that is there and differs was made by another version or other options: it serves as well, if it tells.
          const found = await jsm.streams.info(this.name);
          const { republish } = this.#config;
          if (republish === undefined || found.config.republish !== undefined) return found;
          return jsm.streams.update(this.name, { ...found.config, republish });
        });
      this.#copies = config.num_replicas;
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
