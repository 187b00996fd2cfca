// `npm run pack`: installers for this machine's platform in release/, or in release/stub/ where Electron's binary isn't
// here and a stand-in takes its place. Says which targets were left out and why.
import { spawnSync } from "node:child_process";
import { chmodSync, copyFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { path7za } from "7zip-bin";
import { writeStubElectron } from "./pack/stub-electron.ts";
import { root } from "./paths.ts";
import { installedElectron } from "./shell/electron.ts";

const scratch = mkdtempSync(join(tmpdir(), "sallyport-pack-"));
try {
  process.exitCode = pack();
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

function pack(): number {
  const built = spawnSync(process.execPath, [join(root, "scripts/build.ts")], {
    stdio: "inherit",
    cwd: root,
  });
  if (built.status !== 0) return 1;

  const electron = electronFolder();
  const output = electron.isStub ? "release/stub" : "release";
  rmSync(join(root, output), { recursive: true, force: true });
  const targets = ["dir", "deb", "tar.gz", "zip"];
  const overrides = [`-c.electronDist=${electron.folder}`, `-c.directories.output=${output}`];
  const builder = join(root, "node_modules/electron-builder/cli.js");
  const made = spawnSync(
    process.execPath,
    [builder, "--linux", ...targets, `--${process.arch}`, "--publish", "never", ...overrides],
    { stdio: "inherit", cwd: root, env: { ...process.env, ...packingTools() } },
  );
  console.log(
    "AppImage: left out, its tools come from outside the package registry (electron-builder --linux AppImage).",
  );
  console.log("nsis, Windows zip: left out, they need Windows or its tools (electron-builder --win).");
  if (made.status === 0)
    console.log(`Packed ${targets.join(", ")} into ${output}${electron.isStub ? ", without Electron" : ""}.`);
  return made.status ?? 1;
}

function electronFolder(): { readonly folder: string; readonly isStub: boolean } {
  const program = installedElectron();
  if (program !== undefined) return { folder: dirname(program), isStub: false };
  const { version } = JSON.parse(readFileSync(join(root, "node_modules/electron/package.json"), "utf8")) as {
    version: string;
  };
  const folder = join(scratch, "electron");
  writeStubElectron(folder, version);
  return { folder, isStub: true };
}

/** electron-builder 26 downloads 7zip and fpm unless it is told where they are. */
function packingTools(): Record<string, string> {
  const sevenZip = join(scratch, "7za");
  // npm unpacks it without its executable bit.
  copyFileSync(path7za, sevenZip);
  chmodSync(sevenZip, 0o755);
  return { ELECTRON_BUILDER_7ZIP_PATH: sevenZip, CUSTOM_FPM_PATH: join(root, "scripts/pack/fpm-shim.mjs") };
}
