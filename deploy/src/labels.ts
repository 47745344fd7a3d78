import type { RoleName } from "./roles.js";

/** What a Deployment's selector and everything that points at its pods agree on. */
export const selectorOf = (role: RoleName): Record<string, string> => ({
  "app.kubernetes.io/name": "architech",
  "app.kubernetes.io/component": role,
});

/** Labels of everything of ours. */
export const labelsOf = (role?: RoleName): Record<string, string> => ({
  "app.kubernetes.io/name": "architech",
  "app.kubernetes.io/part-of": "architech",
  ...(role === undefined ? {} : { "app.kubernetes.io/component": role }),
});

/** What a resource of a role is called. */
export const nameOf = (role: RoleName): string => `architech-${role}`;
