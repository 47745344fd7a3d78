/** The library that reads YAML. */
type YamlLibrary = typeof import("yaml");

let provider: (() => YamlLibrary) | undefined;

/** Says where the library is that reads YAML: it is loaded for whoever reads a manifest. */
export function provideYaml(provide: () => YamlLibrary): void {
  provider = provide;
}

/** The library that reads YAML, loaded when it is first asked for. */
export function yaml(): YamlLibrary {
  if (provider === undefined) throw new Error("no YAML is read here: provideYaml() was not called");
  return provider();
}
