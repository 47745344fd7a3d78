import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const source = fileURLToPath(new URL("../../../test/mongo", import.meta.url));
const cache = fileURLToPath(new URL("../../mongo", import.meta.url));
const run = promisify(execFile);

/** A MongoDB to test against. */
export interface TestMongo {
  readonly url: string;
  /** Which one it is, for the report. */
  readonly title: string;
  stop(): Promise<void>;
}

/** The server named by ARCHITECH_TEST_MONGO_URL, else one of Maven's; what is missing otherwise. */
export async function startMongo(): Promise<TestMongo | { missing: string }> {
  const url = process.env["ARCHITECH_TEST_MONGO_URL"];
  if (url) return { url, title: "the MongoDB of ARCHITECH_TEST_MONGO_URL", stop: async () => {} };
  const classes = await build().catch((error: Error) => error);
  if (classes instanceof Error)
    return { missing: `a MongoDB (set ARCHITECH_TEST_MONGO_URL, or install a JDK and Maven: ${firstLine(classes)})` };
  const child = spawn("java", ["-cp", classes, "MongoForTests"], { stdio: ["pipe", "pipe", "ignore"] });
  const [line] = (await once(createInterface(child.stdout), "line")) as [string];
  return {
    url: line,
    title: "mongo-java-server 1.47 (in memory)",
    async stop() {
      child.stdin.end();
      await once(child, "exit");
    },
  };
}

/** Fetches the jars once, compiles the main class once, and returns the class path. */
async function build(): Promise<string> {
  const jars = join(cache, "jars");
  const path = [cache, join(jars, "*")].join(delimiter);
  await mkdir(cache, { recursive: true });
  if (!existsSync(join(jars, "mongo-java-server-core-1.47.0.jar"))) {
    await run("mvn", [
      "-q",
      "-B",
      "-f",
      join(source, "pom.xml"),
      "dependency:copy-dependencies",
      `-DoutputDirectory=${jars}`,
    ]);
  }
  if (!existsSync(join(cache, "MongoForTests.class")))
    await run("javac", ["-cp", path, "-d", cache, join(source, "MongoForTests.java")]);
  return path;
}

function firstLine(error: Error): string {
  return error.message.split("\n")[0] ?? "";
}
