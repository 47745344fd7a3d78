import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { gunzipSync } from "node:zlib";

/** A span as a collector gets it. */
export interface Collected {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly begun: bigint;
  readonly ended: bigint;
  /** Whether it ended with an error. */
  readonly failed: boolean;
  readonly attributes: Readonly<Record<string, unknown>>;
  /** Of the process that sent it. */
  readonly resource: Readonly<Record<string, unknown>>;
}

/** The receiving end of OTLP over HTTP, as https://opentelemetry.io/docs/specs/otlp/ has it, for JSON. */
export class Collector {
  readonly spans: Collected[] = [];
  /** Paths that were asked for, with the types of the bodies. */
  readonly asked = new Set<string>();
  readonly #http: Server;

  private constructor(http: Server) {
    this.#http = http;
    http.on("request", async (request, response) => {
      const parts: Buffer[] = [];
      for await (const part of request) parts.push(part as Buffer);
      const bytes = Buffer.concat(parts);
      this.asked.add(`${request.method} ${request.url} ${request.headers["content-type"]}`);
      const text = request.headers["content-encoding"] === "gzip" ? gunzipSync(bytes) : bytes;
      this.spans.push(...spansOf(JSON.parse(text.toString()) as Export));
      response.setHeader("Content-Type", "application/json").end("{}");
    });
  }

  static async start(): Promise<Collector> {
    const http = createServer().listen(0, "127.0.0.1");
    await once(http, "listening");
    return new Collector(http);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#http.address() as AddressInfo).port}`;
  }

  end(): void {
    this.#http.closeAllConnections();
    this.#http.close();
  }
}

interface Attribute {
  readonly key: string;
  readonly value: Readonly<Record<string, unknown>>;
}

interface Export {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly Attribute[] };
    readonly scopeSpans: readonly {
      readonly spans: readonly {
        readonly name: string;
        readonly traceId: string;
        readonly spanId: string;
        readonly parentSpanId?: string;
        readonly startTimeUnixNano: string;
        readonly endTimeUnixNano: string;
        readonly status: { readonly code?: number };
        readonly attributes: readonly Attribute[];
      }[];
    }[];
  }[];
}

function spansOf({ resourceSpans }: Export): Collected[] {
  return resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap(({ spans }) =>
      spans.map(
        ({ name, traceId, spanId, parentSpanId = "", startTimeUnixNano, endTimeUnixNano, status, attributes }) => ({
          name,
          traceId,
          spanId,
          parentSpanId,
          begun: BigInt(startTimeUnixNano),
          ended: BigInt(endTimeUnixNano),
          failed: status.code === 2,
          attributes: plain(attributes),
          resource: plain(resource.attributes),
        }),
      ),
    ),
  );
}

const plain = (attributes: readonly Attribute[]): Record<string, unknown> =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));
