/** The core compiled to WebAssembly by wasm/build.mjs, in base 64. */
export declare const code: string;
