/** What a process does: `all` of it, one entry before the others, or some of the services behind it. */
export const roles = ["all", "gateway", "documents", "kernels", "runs"] as const;

export type Role = (typeof roles)[number];

/** Roles from a text such as `documents,kernels`; what is wrong with it is a sentence. */
export function readRoles(text: string): readonly Role[] | { readonly wrong: string } {
  const names = [...new Set(text.split(",").map((name) => name.trim()))];
  const unknown = names.find((name) => !(roles as readonly string[]).includes(name));
  if (unknown !== undefined)
    return { wrong: `there is no role "${unknown}": ${roles.slice(0, -1).join(", ")} or ${roles.at(-1)!}` };
  const alone = names.find((name) => name === "all" || name === "gateway");
  if (alone !== undefined && names.length > 1)
    return { wrong: `the role ${alone} stands alone: documents, kernels and runs may be joined` };
  return names as Role[];
}

/** Whether a process with these roles does what belongs to one of them. */
export function plays(given: readonly Role[], role: Exclude<Role, "all">): boolean {
  return given.includes(role) || (role !== "gateway" && given.includes("all"));
}
