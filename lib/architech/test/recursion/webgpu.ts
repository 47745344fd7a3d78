import { existsSync } from "node:fs";
import { join } from "node:path";

/** Where Debian's chromium keeps a Vulkan that needs no GPU. */
const software = "/usr/lib/chromium";

/** What a process needs for a GPU, or, where nothing else is there, for one that is software; or what is missing. */
export function gpuEnvironment(): { readonly env: NodeJS.ProcessEnv } | { readonly missing: string } {
  const file = process.env["ARCHITECH_WEBGPU"];
  if (file === undefined || !existsSync(file)) return { missing: "npm's webgpu (ARCHITECH_WEBGPU names its index.js)" };
  if (process.env["ARCHITECH_TEST_GPU"] === "real") return { env: process.env };
  const driver = join(software, "vk_swiftshader_icd.json");
  if (!existsSync(driver)) return { missing: "SwiftShader (apt-get install chromium)" };
  return { env: { ...process.env, VK_ICD_FILENAMES: driver, LD_LIBRARY_PATH: software } };
}
