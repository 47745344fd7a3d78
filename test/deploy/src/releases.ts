import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { pythonWith } from "@architech/test-tools";
import type { TypeMeta } from "@kubernetes-models/base";
import { Ajv2020 } from "ajv/dist/2020.js";
import type { Context } from "mocha";

/** A release of Kubernetes, by the schemas that refuse unknown fields. */
export interface Release {
  /** As in `1.37.0`. */
  readonly version: string;
  /** What is wrong with a manifest of a kind of Kubernetes' own. */
  errors(manifest: TypeMeta): Promise<string[]>;
}

/** Every release whose schemas the Python package kubernetes-validate brings, the oldest first; without it, a test is skipped. */
export async function releases(context: Context): Promise<Release[]> {
  const python = await pythonWith(context, "kubernetes_validate");
  const code = "import kubernetes_validate as it, os; print(os.path.dirname(it.__file__))";
  const { stdout } = await promisify(execFile)(python, ["-c", code]);
  const folder = join(stdout.trim(), "kubernetes-json-schema");
  const versions = (await readdir(folder)).flatMap((name) => /^v(.*)-local-strict$/.exec(name)?.[1] ?? []);
  return versions
    .sort((a, b) => minor(a) - minor(b))
    .map((version) => ({ version, errors: checks(join(folder, `v${version}-local-strict`)) }));
}

const minor = (version: string): number => Number(version.split(".")[1]);

function checks(folder: string): Release["errors"] {
  let known: Promise<Ajv2020> | undefined;
  const read = async (file: string): Promise<object> => JSON.parse(await readFile(join(folder, file), "utf8"));
  const open = async (): Promise<Ajv2020> =>
    new Ajv2020({ strict: false, allErrors: true, validateFormats: false }).addSchema(
      await read("_definitions.json"),
      "/api/_definitions.json",
    );
  return async (manifest) => {
    const ajv = await (known ??= open());
    // As in `deployment-apps-v1.json`: of the group, the part before the first dot.
    const [version, group] = manifest.apiVersion.split("/").reverse() as [string, string?];
    const file = [manifest.kind.toLowerCase(), group?.replace(/\..*/, ""), version].filter(Boolean).join("-");
    const validate = ajv.getSchema(file) ?? ajv.addSchema(await read(`${file}.json`), file).getSchema(file)!;
    validate(manifest);
    return (validate.errors ?? []).map(({ instancePath, message, params }) =>
      [instancePath, message, JSON.stringify(params)].join(" "),
    );
  };
}
