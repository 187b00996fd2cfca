import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

/** Programs from outside npm: what they are called, and the Debian package that brings them. */
const programs = {
  chromium: {
    commands: ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"],
    debian: "chromium",
  },
  age: { commands: ["age"], debian: "age" },
  zstd: { commands: ["zstd"], debian: "zstd" },
  jq: { commands: ["jq"], debian: "jq" },
  gcc: { commands: ["gcc"], debian: "gcc libc6-dev" },
  "ssh-keygen": { commands: ["ssh-keygen"], debian: "openssh-client" },
};

/**
 * Absolute path of a program of the table above, or undefined.
 * @param {keyof typeof programs} name
 * @returns {string | undefined}
 */
export function findProgram(name) {
  const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/bin", "/usr/local/bin", "/snap/bin"];
  return programs[name].commands
    .flatMap((command) => folders.map((folder) => join(folder, command)))
    .find((file) => existsSync(file));
}

/**
 * Installs the missing ones with apt as root or by password-less sudo, without recommended packages (239 packages for
 * chromium instead of 399). Returns one sentence with the remedy for what is still missing, never throws.
 * @param {(keyof typeof programs)[]} names
 * @returns {string[]}
 */
export function ensurePrograms(names) {
  const missing = names.filter((name) => findProgram(name) === undefined);
  if (missing.length === 0) return [];
  const packages = missing.map((name) => programs[name].debian).join(" ");
  const remedy = `Install them by hand (Debian: apt-get install --no-install-recommends ${packages}) and run this again.`;

  const apt = asRoot();
  if (apt === undefined) return [`Missing: ${missing.join(", ")}. ${remedy}`];
  console.log(`Installing Debian packages: ${packages} ...`);
  aptGet(apt, ["update"]);
  const installed = aptGet(apt, ["install", "-y", "--no-install-recommends", ...packages.split(" ")]);
  if (missing.every((name) => findProgram(name) !== undefined)) return [];
  const reason = installed.stderr?.split("\n").find((line) => line.startsWith("E: ")) ?? "apt-get failed";
  return [`Could not install ${packages} (${reason.replace(/^E: /, "")}). ${remedy}`];
}

function asRoot() {
  if (!existsSync("/usr/bin/apt-get")) return undefined;
  if (process.getuid?.() === 0) return [];
  return spawnSync("sudo", ["-n", "true"], { stdio: "ignore" }).status === 0 ? ["sudo", "-n"] : undefined;
}

function aptGet(prefix, args) {
  const [command, ...rest] = [...prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq", ...args];
  return spawnSync(command, rest, { encoding: "utf8", stdio: ["ignore", "ignore", "pipe"] });
}
