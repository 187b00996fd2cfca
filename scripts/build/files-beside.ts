import { globSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import type { Plugin } from "vite";

/** Not on a line of a comment. */
const besideSource = /(?<!^\s*(?:\*|\/\/).*)new URL\(\s*"(\.{1,2}\/[^"]+)"\s*,\s*import\.meta\.url,?\s*\)/gm;

/**
 * Lets a source name what lies beside it, as in `new URL("./worker.ts", import.meta.url)` or
 * `new URL("./migrations/", import.meta.url)`, and keeps that true in the bundle: a TypeScript file becomes an entry in
 * dist/workers, anything else (a folder with all it holds) is copied to dist/beside. Every bundle lies exactly one folder
 * deep in dist, so `../workers/x.js` is right from all of them. Paths that leave `home` are left as they are.
 */
export function filesBeside(home: string): Plugin {
  return {
    name: "files-beside",
    transform(code, id) {
      const source = id.split("?")[0] ?? id;
      if (!source.startsWith(`${home}/`)) return undefined;
      if (/import\.meta\.(dirname|filename)/.test(code)) {
        this.error(
          `${source}: import.meta.dirname has no meaning in a bundle; write new URL("./x", import.meta.url).`,
        );
      }
      let changed = false;
      const rewritten = code.replace(besideSource, (whole, path: string) => {
        const target = resolve(dirname(source), path);
        if (!target.startsWith(`${home}/`)) return whole;
        changed = true;
        const name = relative(home, target).replaceAll("/", "-");
        if (target.endsWith(".ts")) {
          const fileName = `workers/${name.replace(/\.ts$/, ".js")}`;
          this.emitFile({ type: "chunk", id: target, fileName });
          return `new URL("../${fileName}", import.meta.url)`;
        }
        const isFolder = statSync(target).isDirectory();
        for (const file of isFolder ? globSync("**/*.*", { cwd: target }) : [""]) {
          this.emitFile({
            type: "asset",
            fileName: join("beside", name, file),
            source: readFileSync(join(target, file)),
          });
        }
        return `new URL("../beside/${name}${isFolder ? "/" : ""}", import.meta.url)`;
      });
      return changed ? { code: rewritten, map: null } : undefined;
    },
  };
}
