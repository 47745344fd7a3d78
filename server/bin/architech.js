#!/usr/bin/env node
// Written so that an old Node can read it: the version is looked at before anything newer is loaded.
const wanted = [20, 19];
const [major, minor] = process.versions.node.split(".").map(Number);

if (major < wanted[0] || (major === wanted[0] && minor < wanted[1])) {
  console.error(
    `architech needs Node ${wanted.join(".")} or newer, this is ${process.versions.node}: see https://nodejs.org`,
  );
  process.exitCode = 69;
} else {
  import("../dist/cli.js").then(
    ({ main }) => main(process.argv.slice(2)),
    (error) => {
      const unbuilt = error.code === "ERR_MODULE_NOT_FOUND" && /dist.cli\.js/.test(error.message);
      console.error(unbuilt ? "architech has not been built: run npm run build" : error);
      process.exitCode = 70;
    },
  );
}
