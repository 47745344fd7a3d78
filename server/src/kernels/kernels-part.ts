import { statusRoutes } from "../info/routes.js";
import type { KernelSpecs } from "../kernelspecs/kernelspecs.js";
import { kernelSpecRoutes } from "../kernelspecs/routes.js";
import type { Part } from "../part.js";
import { sessionRoutes } from "../sessions/routes.js";
import { Sessions } from "../sessions/sessions.js";
import { Kernels, type KernelsOptions } from "./kernels.js";
import { type KernelRoutesOptions, kernelRoutes } from "./routes.js";
import { type ChannelLimits, channelsRoute } from "./socket.js";

/** The part that runs kernels and knows which document each works for. */
export function kernelsPart(
  options: KernelsOptions &
    KernelRoutesOptions & {
      removed: () => void;
      specs: KernelSpecs;
      channel: ChannelLimits;
    },
): Part {
  const { specs, baseUrl } = options;
  const kernels = new Kernels(options);
  const sessions = new Sessions(kernels);
  kernels.onRemoved(options.removed);
  return {
    routes: [
      kernelSpecRoutes(specs, baseUrl),
      kernelRoutes(kernels, options),
      sessionRoutes(sessions, options),
      statusRoutes(kernels),
    ],
    sockets: [channelsRoute(kernels, options.channel)],
    begins: ["/api/kernels", "/api/sessions"],
    load: () => ({ kernels: kernels.list().length }),
    measure: (metrics) =>
      metrics.gauge("architech_kernels", "Kernels that run here.", [], async () => [{ value: kernels.list().length }]),
    close: () => kernels.close(),
  };
}
