import { errorFrom } from "@architech/protocol";
import type { RunHost } from "architech/host";
import type { Tracing } from "../tracing/tracing.js";
import type { RunsOptions } from "./routes.js";

/** Follows the runs of a host that leads them all itself. */
export function tracedRuns(host: RunHost, tracing: Tracing): Pick<RunsOptions, "started"> {
  if (!tracing.on) return {};
  const open = new Set<string>();
  return {
    started({ id, kind, total, cached, error }, parent) {
      if (open.has(id)) return;
      open.add(id);
      const attributes = {
        "architech.run": id,
        "architech.kind": kind,
        "architech.tasks": total,
        "architech.cached": cached,
      };
      const span = tracing.begin("run", { parent, attributes });
      if (error !== undefined) span.end({ error: errorFrom(error) });
      void host
        .ended(id)
        .then(({ error: failure }) => span.end(failure === undefined ? {} : { error: failure }))
        .catch((failure: unknown) => span.end({ error: failure }))
        .finally(() => open.delete(id));
    },
  };
}
