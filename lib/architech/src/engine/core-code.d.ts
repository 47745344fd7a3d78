/** The core compiled to WebAssembly by wasm/build.mjs, in base 64: without and with the instructions from 40 on. */
export declare const lean: string;
export declare const extended: string;
