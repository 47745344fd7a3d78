import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Context } from "mocha";
import { missing } from "./missing.js";

const house = fileURLToPath(new URL("../../../", import.meta.url));

/** A Python that has these modules: ARCHITECH_TEST_PYTHON, that of `.venv`, or `python3`; in CI there must be one. */
export async function pythonWith(context: Context, ...modules: string[]): Promise<string> {
  const own = `${house}.venv/bin/python`;
  const program = process.env["ARCHITECH_TEST_PYTHON"] ?? (existsSync(own) ? own : "python3");
  try {
    await promisify(execFile)(program, ["-c", `import ${modules.join(", ")}`]);
    return program;
  } catch {
    return missing(
      context,
      `a Python with ${modules.join(" and ")} (ARCHITECH_TEST_PYTHON, .venv, or python3 on the path)`,
    );
  }
}
