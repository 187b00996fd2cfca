import { join } from "node:path";
import { build } from "vite";
import { root } from "../scripts/paths.ts";

/** Bundles one of our programs as the product's threads are bundled, so that what is measured is what ships. */
export async function bundle(source: string): Promise<string> {
  const outDir = join(root, "dist/bench");
  await build({
    root,
    configFile: false,
    logLevel: "warn",
    ssr: { noExternal: true, external: ["better-sqlite3", "sodium-native"] },
    build: {
      ssr: true,
      target: "node24",
      outDir,
      emptyOutDir: false,
      minify: false,
      rolldownOptions: {
        input: { [source]: join(root, "bench", `${source}.ts`) },
        external: [/^node:/, "better-sqlite3", "sodium-native"],
        output: { format: "esm", entryFileNames: "[name].js" },
      },
    },
  });
  return join(outDir, `${source}.js`);
}
