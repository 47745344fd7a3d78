import { twoZones as document } from "@architech/test-tools";
import type { ModelDocument } from "#src/model/document.js";
import { validate } from "#src/model/validate.js";

/** A service that calls one in another zone, which asks its database. `rate` and `latency` between the zones. */
export function twoZones(rate = "500rps", latency = "5ms"): ModelDocument {
  return validate(document(rate, latency));
}
