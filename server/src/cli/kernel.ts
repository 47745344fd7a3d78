import { parseArgs } from "node:util";
import { installKernelSpec, type KernelSpecOptions, uninstallKernelSpec } from "@architech/kernel";
import { exitCodes, optionError, UsageError } from "./command.js";

export const summary: string = "register the TypeScript kernel with Jupyter, or take it out again";

export const help: string = `${summary}

Usage: architech kernel install [OPTIONS]
       architech kernel uninstall [OPTIONS]

  --user               for this user (the default)
  --prefix FOLDER      into this environment (its share/jupyter)
  --system             for all users
  --name NAME          what notebooks call the kernel (default architech)
  --display-name TEXT  what people see (default "TypeScript (Architech)")
  --json               print {"folder": "…"}

Stock JupyterLab, VS Code and nbclient then find it as any other kernel. The lab
of architech needs no installation.
`;

/** Installs or removes the kernelspec and prints its folder. */
export async function run(argv: readonly string[]): Promise<number> {
  const { action, json, options } = parse(argv);
  const folder = action === "install" ? await installKernelSpec(options) : await uninstallKernelSpec(options);
  const sentence = action === "install" ? `The kernel is installed in ${folder}` : `The kernel is gone from ${folder}`;
  process.stdout.write(json ? `${JSON.stringify({ folder })}\n` : `${sentence}\n`);
  return exitCodes.ok;
}

function parse(argv: readonly string[]): {
  action: "install" | "uninstall";
  json: boolean;
  options: KernelSpecOptions;
} {
  let parsed: ReturnType<typeof read>;
  try {
    parsed = read(argv);
  } catch (error) {
    throw optionError("kernel", error);
  }
  const { values, positionals } = parsed;
  const [action, ...more] = positionals;
  if ((action !== "install" && action !== "uninstall") || more.length > 0)
    throw new UsageError("kernel does one of: install, uninstall (--help tells more)");
  if ([values.user, values.system, values.prefix !== undefined].filter(Boolean).length > 1)
    throw new UsageError("--user, --system and --prefix exclude each other");
  return {
    action,
    json: values.json,
    options: {
      user: !values.system,
      ...(values.prefix === undefined ? {} : { prefix: values.prefix }),
      ...(values.name === undefined ? {} : { name: values.name }),
      ...(values["display-name"] === undefined ? {} : { displayName: values["display-name"] }),
    },
  };
}

function read(argv: readonly string[]) {
  return parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      user: { type: "boolean", default: false },
      prefix: { type: "string" },
      system: { type: "boolean", default: false },
      name: { type: "string" },
      "display-name": { type: "string" },
      json: { type: "boolean", default: false },
    },
  });
}
