import { ArchitechError } from "@architech/protocol";
import type { Log } from "../log.js";
import { noTracing, type Tracing } from "./tracing.js";

/** What OpenTelemetry names in the environment, of which this much is looked at here; the rest its SDK reads. */
export interface TracingEnvironment {
  readonly OTEL_EXPORTER_OTLP_ENDPOINT?: string | undefined;
  readonly OTEL_EXPORTER_OTLP_TRACES_ENDPOINT?: string | undefined;
  readonly OTEL_TRACES_EXPORTER?: string | undefined;
  readonly OTEL_SDK_DISABLED?: string | undefined;
}

/**
 * Tracing as the environment wants it, by the variables of
 * https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/, with one difference: nothing is
 * sent anywhere, and nothing of OpenTelemetry is loaded, unless an endpoint or an exporter is named. Throws
 * `invalid-argument` for an exporter that there is not.
 */
export async function openTracing(
  role: string,
  log: Log,
  env: TracingEnvironment = process.env as TracingEnvironment,
): Promise<Tracing> {
  const exporter = env.OTEL_TRACES_EXPORTER || undefined;
  const endpoint = env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT || env.OTEL_EXPORTER_OTLP_ENDPOINT || undefined;
  if (exporter !== undefined && exporter !== "otlp" && exporter !== "none")
    throw new ArchitechError("invalid-argument", `OTEL_TRACES_EXPORTER is "${exporter}": otlp or none is expected`);
  const isOff = exporter === "none" || env.OTEL_SDK_DISABLED?.toLowerCase() === "true";
  if (isOff || (exporter === undefined && endpoint === undefined)) return noTracing;
  if (endpoint !== undefined && !/^https?:$/.test(URL.canParse(endpoint) ? new URL(endpoint).protocol : ""))
    throw new ArchitechError(
      "invalid-argument",
      `the endpoint of traces is "${endpoint}": http://host:4318 is expected`,
    );
  const { OtlpTracing } = await import("./otlp-tracing.js");
  return new OtlpTracing(role, log);
}
