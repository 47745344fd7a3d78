import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { attempted } from "./child.mjs";

const version = "3.3.2";
const folder = fileURLToPath(new URL("../build/ssj", import.meta.url));
const source = fileURLToPath(new URL("../engine/SsjBench.java", import.meta.url));
const pom = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion><groupId>bench</groupId><artifactId>ssj</artifactId><version>1</version>
  <dependencies><dependency>
    <groupId>ca.umontreal.iro.simul</groupId><artifactId>ssj</artifactId><version>${version}</version>
  </dependency></dependencies>
</project>
`;

/** The class path of SSJ with its benchmark, fetched by Maven and compiled when they are not there; or the reason why not. */
export async function ssj() {
  const library = join(folder, "lib");
  const classes = join(folder, "classes");
  if ((await attempted("javac", ["-version"])) === undefined) return { missing: "there is no Java compiler (javac)" };
  if (!existsSync(join(library, `ssj-${version}.jar`))) {
    console.log("fetching SSJ into bench/build/ssj …");
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "pom.xml"), pom);
    const args = [
      "-q",
      "-B",
      "-f",
      join(folder, "pom.xml"),
      "dependency:copy-dependencies",
      `-DoutputDirectory=${library}`,
    ];
    if ((await attempted("mvn", args)) === undefined) return { missing: "Maven (mvn) could not fetch SSJ" };
  }
  const jars = join(library, "*");
  if ((await attempted("javac", ["-cp", jars, "-d", classes, source])) === undefined)
    return { missing: "javac could not compile SsjBench.java" };
  return { classPath: [jars, classes].join(delimiter) };
}
