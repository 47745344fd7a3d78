import { ArchitechError } from "@architech/protocol";
import { type Asker, failureOf } from "./ask.js";
import type { Instance } from "./instance.js";
import type { Instances } from "./instances.js";

/** What one service answered. */
export interface Share {
  readonly instance: Instance;
  readonly body: unknown;
}

/** One that dies may take the question with it, and the one after that, before nobody listens there. */
const mostTries = 3;

/**
 * What every service of kernels answers to `GET path`. Throws `service-unavailable` when one does not: with its share
 * missing, a lab would take kernels for dead that are not. One on whose address nobody listens has none.
 */
export async function askAll(instances: Instances, asker: Asker, path: string, requestId: string): Promise<Share[]> {
  const shares = await Promise.all(
    instances.of("kernels").map(async (instance) => {
      for (let tries = 1; ; tries++) {
        try {
          const { status, body } = await asker.ask(instance.url, path, { id: requestId, anew: tries > 1 });
          instance.succeeded();
          if (status === 200) return { instance, body };
          throw new ArchitechError("service-unavailable", `a service of kernels answers ${status}`);
        } catch (error) {
          if (error instanceof ArchitechError) throw error;
          const how = failureOf(error);
          instance.failed(how);
          if (how === "refused") return undefined;
          if (tries === mostTries)
            throw new ArchitechError("service-unavailable", "a service of kernels does not answer: ask again");
        }
      }
    }),
  );
  return shares.filter((share) => share !== undefined);
}

/** The lists of all services as one. */
export function joined(shares: readonly Share[]): unknown[] {
  return shares.flatMap(({ body }) => (Array.isArray(body) ? body : []));
}

/** The states of all services as one. */
export function statusOfAll(shares: readonly Share[]): Record<string, unknown> {
  const all = shares.map(
    ({ body }) => body as { started: string; last_activity: string; connections: number; kernels: number },
  );
  const now = new Date().toISOString();
  return {
    started: all.map(({ started }) => started).sort()[0] ?? now,
    last_activity:
      all
        .map(({ last_activity }) => last_activity)
        .sort()
        .at(-1) ?? now,
    connections: all.reduce((sum, { connections }) => sum + connections, 0),
    kernels: all.reduce((sum, { kernels }) => sum + kernels, 0),
  };
}
