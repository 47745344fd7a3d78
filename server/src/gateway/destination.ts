import type { Role } from "../roles.js";

/** The services behind a gateway. */
export type ServiceRole = Exclude<Role, "all" | "gateway">;

export const serviceRoles: readonly ServiceRole[] = ["documents", "kernels", "runs"];

/** Where a path leads; undefined for what the gateway answers itself. */
export type Destination =
  /** Any service of this role. */
  | { readonly role: ServiceRole }
  /** The service that holds this. */
  | { readonly holds: Held }
  /** What all services of kernels have, together. */
  | { readonly all: "kernels" | "sessions" | "status" };

/** What one service of kernels has and no other. */
export interface Held {
  readonly kind: "kernels" | "sessions";
  readonly id: string;
}

const services: readonly (readonly [RegExp, ServiceRole])[] = [
  [/^\/(api\/contents|files)(\/|$)/, "documents"],
  [/^\/(api\/kernelspecs|kernelspecs|api\/kernels|api\/sessions)(\/|$)/, "kernels"],
  [/^\/api\/(runs|schemas)(\/|$)/, "runs"],
];

/** Where a request for this path, below the base URL, is to go. */
export function destinationOf(path: string): Destination | undefined {
  const held = /^\/api\/(kernels|sessions)\/([^/]+)/.exec(path);
  if (held !== null) return { holds: { kind: held[1] as Held["kind"], id: held[2]! } };
  const list = /^\/api\/(kernels|sessions|status)\/?$/.exec(path);
  if (list !== null) return { all: list[1] as "kernels" };
  const role = services.find(([pattern]) => pattern.test(path))?.[1];
  return role && { role };
}
